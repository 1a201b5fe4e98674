// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "values.h"

#include <cstring>

#include "error.h"
#include "format/half.h"

namespace graphiqa {
namespace {

/// What a file maps need not be aligned.
template <typename T>
T Load(const uint8_t* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace

bool IsFloat(DType dtype) {
  return dtype == DType::kF64 || dtype == DType::kF32 || dtype == DType::kF16 ||
         dtype == DType::kBF16;
}

double ValueAt(const TensorView& tensor, size_t index) {
  const uint8_t* const at = tensor.data + index * SizeOf(tensor.dtype);
  switch (tensor.dtype) {
    case DType::kF64:
      return Load<double>(at);
    case DType::kF32:
      return double{Load<float>(at)};
    case DType::kF16:
      return double{FloatFromHalf(Load<uint16_t>(at))};
    case DType::kBF16:
      return double{FloatFromBfloat16(Load<uint16_t>(at))};
    case DType::kI64:
      return static_cast<double>(Load<int64_t>(at));
    case DType::kI32:
      return Load<int32_t>(at);
    case DType::kI16:
      return Load<int16_t>(at);
    case DType::kI8:
      return Load<int8_t>(at);
    case DType::kU8:
    case DType::kBool:
      return *at;
  }
  throw Error(ErrorCode::kUsage, "unknown element type");
}

TensorRecord ToFloat32(const TensorView& tensor) {
  const size_t count = tensor.bytes / SizeOf(tensor.dtype);
  TensorRecord record{tensor.name, DType::kF32, tensor.shape, {}};
  record.data.resize(count * sizeof(float));
  for (size_t i = 0; i < count; ++i) {
    const auto value = static_cast<float>(ValueAt(tensor, i));
    std::memcpy(record.data.data() + i * sizeof value, &value, sizeof value);
  }
  return record;
}

TensorRecord Copy(const TensorView& tensor) {
  return {tensor.name,
          tensor.dtype,
          tensor.shape,
          {tensor.data, tensor.data + tensor.bytes}};
}

}  // namespace graphiqa
