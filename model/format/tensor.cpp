// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "tensor.h"

#include <limits>

#include "error.h"

namespace graphiqa {
namespace {

struct DTypeEntry {
  DType dtype;
  const char* name;
  size_t bytes;
};

constexpr DTypeEntry kTypes[] = {
    {DType::kF64, "F64", 8},   {DType::kF32, "F32", 4}, {DType::kF16, "F16", 2},
    {DType::kBF16, "BF16", 2}, {DType::kI64, "I64", 8}, {DType::kI32, "I32", 4},
    {DType::kI16, "I16", 2},   {DType::kI8, "I8", 1},   {DType::kU8, "U8", 1},
    {DType::kBool, "BOOL", 1},
};

const DTypeEntry& EntryOf(DType dtype) {
  for (const DTypeEntry& entry : kTypes) {
    if (entry.dtype == dtype) return entry;
  }
  throw Error(ErrorCode::kUsage, "unknown element type");
}

}  // namespace

size_t SizeOf(DType dtype) { return EntryOf(dtype).bytes; }

const char* NameOf(DType dtype) { return EntryOf(dtype).name; }

std::optional<DType> FindDType(const std::string& name) {
  for (const DTypeEntry& entry : kTypes) {
    if (name == entry.name) return entry.dtype;
  }
  return std::nullopt;
}

std::optional<size_t> ByteCount(DType dtype,
                                const std::vector<int64_t>& shape) {
  int64_t count = static_cast<int64_t>(SizeOf(dtype));
  for (const int64_t size : shape) {
    if (size < 0 || __builtin_mul_overflow(count, size, &count)) {
      return std::nullopt;
    }
  }
  return static_cast<size_t>(count);
}

std::string ShapeText(const std::vector<int64_t>& shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) {
    text += (i > 0 ? "," : "") + std::to_string(shape[i]);
  }
  return text + "]";
}

}  // namespace graphiqa
