// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Weights of the antialiased bilinear (triangle) filter, as LibTorch's
/// _upsample_bilinear2d_aa without aligned corners computes them: pixel centres
/// at halves, the triangle as wide as the scale when scaling down.
#pragma once

#include <cstdint>
#include <vector>

namespace graphiqa {

/// The source pixels that one output pixel sees along one axis.
struct FilterSpan {
  int32_t start = 0;
  int32_t count = 0;
};

/// One axis. On the device: all spans, then all weights.
struct FilterTable {
  int taps = 0;                   ///< weights per output, >= any count
  std::vector<FilterSpan> spans;  ///< one per output
  std::vector<float> weights;     ///< `taps` per output; sum 1 over `count`
};

/// @param input,output  pixels of the axis before and after, >= 1
FilterTable MakeFilterTable(int input, int output);

}  // namespace graphiqa
