// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "error.h"

namespace graphiqa {

/// Element types that model files and checkpoints may hold.
enum class DType { kF64, kF32, kF16, kBF16, kI64, kI32, kI16, kI8, kU8, kBool };

/// Bytes of one element.
GRAPHIQA_API size_t SizeOf(DType dtype);

/// The safetensors name: "F32", "BF16", "I64", …
GRAPHIQA_API const char* NameOf(DType dtype);

/// Inverse of NameOf(); nothing for another name.
GRAPHIQA_API std::optional<DType> FindDType(const std::string& name);

/// Bytes of a tensor; nothing when a size is negative or the product does not
/// fit 63 bits.
GRAPHIQA_API std::optional<size_t> ByteCount(DType dtype,
                                             const std::vector<int64_t>& shape);

/// "[64,3,7,7]"; "[]" for a scalar.
GRAPHIQA_API std::string ShapeText(const std::vector<int64_t>& shape);

/// A named tensor whose bytes somebody else owns (a mapped file, a tensor).
/// Row-major, contiguous, little-endian.
struct TensorView {
  std::string name;
  DType dtype = DType::kF32;
  std::vector<int64_t> shape;
  const uint8_t* data = nullptr;
  size_t bytes = 0;
};

/// A named tensor that owns its bytes. Row-major, contiguous, little-endian.
struct TensorRecord {
  std::string name;
  DType dtype = DType::kF32;
  std::vector<int64_t> shape;
  std::vector<uint8_t> data;

  TensorView View() const {
    return {name, dtype, shape, data.data(), data.size()};
  }
};

}  // namespace graphiqa
