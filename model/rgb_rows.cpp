// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "rgb_rows.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "area_filter.h"
#include "area_filter_avx512.h"
#include "clones.h"

namespace graphiqa {
namespace {

constexpr int kRows = AreaFilter::kRows;

GRAPHIQA_INLINE uint32_t Code(float value) {
  return static_cast<uint32_t>(
      static_cast<int32_t>(std::min(std::max(value, 0.0f), 255.0f) + 0.5f));
}

/// @param to  0BGR
GRAPHIQA_CLONES void ToPixels(const float* __restrict y,
                              const float* __restrict u,
                              const float* __restrict v,
                              const RgbMatrix& matrix, int count,
                              uint32_t* __restrict to) {
  const float* const r = matrix[0].data();
  const float* const g = matrix[1].data();
  const float* const b = matrix[2].data();
  for (int i = 0; i < count; ++i) {
    const float red = r[0] * y[i] + r[1] * u[i] + r[2] * v[i] + r[3];
    const float green = g[0] * y[i] + g[1] * u[i] + g[2] * v[i] + g[3];
    const float blue = b[0] * y[i] + b[1] * u[i] + b[2] * v[i] + b[3];
    to[i] = Code(red) | Code(green) << 8 | Code(blue) << 16;
  }
}

/// Every `step`-th of the pixels as packed RGB.
void PackRow(const uint32_t* pixels, int step, int count, uint8_t* rgb) {
  // Four bytes at a time, of which the next pixel overwrites the last; the very
  // last has none after it.
  for (int i = 0; i + 1 < count; ++i, pixels += step, rgb += 3) {
    std::memcpy(rgb, pixels, sizeof *pixels);
  }
  rgb[0] = static_cast<uint8_t>(*pixels);
  rgb[1] = static_cast<uint8_t>(*pixels >> 8);
  rgb[2] = static_cast<uint8_t>(*pixels >> 16);
}

/// A part of the columns, small enough to stay in the nearest cache.
void WriteSome(const ComponentRows& components, const RgbMatrix& matrix,
               int begin, int end, int rows, int width, uint8_t* rgb) {
  constexpr int kMost = 64;
  uint32_t pixels[kMost * kRows];
  for (int x = begin; x < end; x += kMost) {
    const int count = std::min(kMost, end - x);
    const ptrdiff_t at = static_cast<ptrdiff_t>(x) * kRows;
    ToPixels(components[0].data() + at, components[1].data() + at,
             components[2].data() + at, matrix, count * kRows, pixels);
    for (int r = 0; r < rows; ++r) {
      PackRow(pixels + r, kRows, count,
              rgb + 3 * (static_cast<ptrdiff_t>(r) * width + x));
    }
  }
}

}  // namespace

void WriteRgbRows(const ComponentRows& components, const RgbMatrix& matrix,
                  int width, int rows, uint8_t* rgb) {
  int done = 0;
#ifdef GRAPHIQA_AREA_AVX512
  if (AreaAvx512Available()) {
    done = WriteRgbRowsAvx512(components, matrix, width, rows, rgb);
  }
#endif
  WriteSome(components, matrix, done, width, rows, width, rgb);
}

}  // namespace graphiqa
