// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "error.h"

namespace graphiqa {

/// SHA-256 (FIPS 180-4), incremental.
class GRAPHIQA_API Sha256 {
 public:
  Sha256();
  void Update(const uint8_t* data, size_t bytes);
  /// Ends the message: 64 lower-case hex digits. Call once.
  std::string Hex();

 private:
  void Compress(const uint8_t* block);

  std::array<uint32_t, 8> state_;
  std::array<uint8_t, 64> buffer_;
  size_t buffered_ = 0;
  uint64_t total_ = 0;
};

/// SHA-256 of one piece of memory as 64 lower-case hex digits.
GRAPHIQA_API std::string Sha256Hex(const uint8_t* data, size_t bytes);

}  // namespace graphiqa
