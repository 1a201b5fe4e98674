// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace graphiqa {

/// A bfloat16 value as its 16 bits.
using Bits16 = uint16_t;

/// Values in a line of the cache.
inline constexpr int kLineValues = 32;

/// How a feature map lies in memory: pictures, rows, pixels, channels side by
/// side, the rows and pixels of a border of zeros among them. So a convolution
/// needs to know nothing of edges, and the pixels under a row of its kernel are
/// one run of values.
struct TileMap {
  int height = 0, width = 0, channels = 0;
  int top = 0, left = 0, bottom = 0, right = 0;  ///< border, pixels

  int RowPixels() const { return left + width + right; }
  int64_t RowValues() const {
    return static_cast<int64_t>(RowPixels()) * channels;
  }
  /// Of one picture, border and all.
  int64_t Values() const { return (top + height + bottom) * RowValues(); }
  /// From a picture's first value to those of a pixel; the border has negative
  /// coordinates and those beyond height and width.
  int64_t Offset(int y, int x) const {
    return (top + y) * RowValues() + static_cast<int64_t>(left + x) * channels;
  }
  bool HasBorder() const { return top + left + bottom + right > 0; }
};

/// Where a kernel stands for each pixel of the result.
struct Window {
  int height = 1, width = 1;  ///< of the kernel
  int stride_y = 1, stride_x = 1;
  int top = 0, left = 0;  ///< padding before; within the border
};

}  // namespace graphiqa
