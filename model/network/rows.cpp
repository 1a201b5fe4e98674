// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "rows.h"

#include <cstring>

#include "clones.h"

namespace graphiqa {
namespace {

GRAPHIQA_CLONES void WidenBits(const uint16_t* from, uint32_t* __restrict to,
                               int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    to[i] = static_cast<uint32_t>(from[i]) << 16;
  }
}

GRAPHIQA_CLONES void NarrowBits(const uint32_t* __restrict from, uint16_t* to,
                                int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    to[i] = static_cast<uint16_t>(
        (from[i] + 0x7FFFu + ((from[i] >> 16) & 1u)) >> 16);
  }
}

}  // namespace

void Widen(const c10::BFloat16* from, float* to, int64_t count) {
  WidenBits(reinterpret_cast<const uint16_t*>(from),
            reinterpret_cast<uint32_t*>(to), count);
}

void Widen(const float* from, float* to, int64_t count) {
  std::memcpy(to, from, static_cast<size_t>(count) * sizeof(float));
}

void Narrow(const float* from, c10::BFloat16* to, int64_t count) {
  NarrowBits(reinterpret_cast<const uint32_t*>(from),
             reinterpret_cast<uint16_t*>(to), count);
}

void Narrow(const float* from, float* to, int64_t count) {
  std::memcpy(to, from, static_cast<size_t>(count) * sizeof(float));
}

}  // namespace graphiqa
