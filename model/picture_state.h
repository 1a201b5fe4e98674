// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What a picture shows at all, whatever its quality. Shared by the element
/// and gq-score, so that both say the same.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "error.h"

namespace graphiqa {

enum class PictureState {
  kNormal,
  kBlack,   ///< at least 98 % of the samples within the lowest 10 % of luma
  kFlat,    ///< luma has a standard deviation below 1 % of its range
  kFrozen,  ///< video only: the same picture for a second or more
};

/// "normal", "black", "flat", "frozen".
GRAPHIQA_API const char* ToString(PictureState state);

/// Luma at the points of a grid over the whole picture.
struct LumaSamples {
  std::vector<uint16_t> values;  ///< at the full depth of the format
  double black = 0;              ///< value of nominal black
  double white = 255;            ///< value of nominal white, > black
};

constexpr int kMaxSampleColumns = 160;
constexpr int kMaxSampleRows = 90;

/// Calls `read(x, y)`, which gives 0-65535, at the middle of every cell of a
/// grid of at most 160 x 90 cells, row by row, so that a picture of any size
/// costs some ten microseconds.
template <typename Read>
std::vector<uint16_t> SampleGrid(int width, int height, const Read& read) {
  const int columns = std::min(width, kMaxSampleColumns);
  const int rows = std::min(height, kMaxSampleRows);
  const auto middle = [](int index, int count, int length) {
    return static_cast<int>((2 * static_cast<int64_t>(index) + 1) * length /
                            (2 * count));
  };
  std::vector<uint16_t> values;
  values.reserve(static_cast<size_t>(columns) * static_cast<size_t>(rows));
  for (int row = 0; row < rows; ++row) {
    const int y = middle(row, rows, height);
    for (int column = 0; column < columns; ++column) {
      values.push_back(
          static_cast<uint16_t>(read(middle(column, columns, width), y)));
    }
  }
  return values;
}

/// Weighted sum of full-range 8-bit red, green and blue, times 256: BT.601's
/// weights, near enough to any matrix to tell black from not.
constexpr int RgbLuma(int red, int green, int blue) {
  return 77 * red + 150 * green + 29 * blue;
}

/// Samples a packed 8-bit RGB picture.
/// @param stride_bytes  >= 3 * width
GRAPHIQA_API LumaSamples SampleRgbLuma(const uint8_t* rgb, int width,
                                       int height, size_t stride_bytes);

/// The state of one picture by itself: normal, black or flat; black goes
/// before flat. Black has the thresholds of FFmpeg's blackdetect.
GRAPHIQA_API PictureState StillState(const LumaSamples& samples);

}  // namespace graphiqa
