// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace graphiqa {

/// Element types that model files and checkpoints may hold.
enum class DType { kF64, kF32, kF16, kBF16, kI64, kI32, kI16, kI8, kU8, kBool };

/// Bytes of one element.
size_t SizeOf(DType dtype);

/// The safetensors name: "F32", "BF16", "I64", …
const char* NameOf(DType dtype);

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
};

}  // namespace graphiqa
