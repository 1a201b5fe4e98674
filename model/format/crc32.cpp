// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "crc32.h"

#include <array>

namespace graphiqa {
namespace {

using Tables = std::array<std::array<uint32_t, 256>, 8>;

constexpr Tables MakeTables() {
  Tables tables{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value >> 1) ^ ((value & 1) != 0 ? 0xEDB88320U : 0U);
    }
    tables[0][i] = value;
  }
  for (size_t slice = 1; slice < 8; ++slice) {
    for (size_t i = 0; i < 256; ++i) {
      const uint32_t before = tables[slice - 1][i];
      tables[slice][i] = (before >> 8) ^ tables[0][before & 0xff];
    }
  }
  return tables;
}

constexpr Tables kTables = MakeTables();

}  // namespace

uint32_t Crc32(const uint8_t* data, size_t bytes) {
  uint32_t crc = 0xFFFFFFFFU;
  // Eight bytes a step ("slicing by 8"): a checkpoint has hundreds of MB.
  for (; bytes >= 8; data += 8, bytes -= 8) {
    uint32_t next = 0;
    for (uint32_t i = 0; i < 4; ++i) {
      next ^= kTables[7 - i][((crc >> (8 * i)) & 0xff) ^ data[i]];
      next ^= kTables[3 - i][data[i + 4]];
    }
    crc = next;
  }
  for (; bytes > 0; ++data, --bytes) {
    crc = (crc >> 8) ^ kTables[0][(crc & 0xff) ^ *data];
  }
  return ~crc;
}

}  // namespace graphiqa
