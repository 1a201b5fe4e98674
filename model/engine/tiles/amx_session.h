// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// AMX registers for one thread and a while (Intel SDM vol. 1, ch. 18). For
/// files that are compiled for AMX.
#pragma once

#include <immintrin.h>

#include <cstdint>

namespace graphiqa {

/// Shapes all registers as 16 rows of 64 bytes. At its end they are released:
/// the system saves them with the thread as long as they are in use.
class AmxSession {
 public:
  AmxSession() {
    struct alignas(64) Shapes {
      uint8_t palette = 1;
      uint8_t start_row = 0;
      uint8_t reserved[14] = {};
      uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
      uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
    };
    const Shapes shapes;
    static_assert(sizeof(Shapes) == 64);
    _tile_loadconfig(&shapes);
  }
  ~AmxSession() { _tile_release(); }
  AmxSession(const AmxSession&) = delete;
  AmxSession& operator=(const AmxSession&) = delete;
};

}  // namespace graphiqa
