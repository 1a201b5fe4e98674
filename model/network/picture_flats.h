// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Areas of one colour, of PictureStatistics(): blocks painted over a picture.
/// For the CPU and for CUDA kernels.
#pragma once

#include <cmath>
#include <cstdint>

#include "both.h"
#include "picture_columns.h"

namespace graphiqa {

class Scratch;
struct PicturePlanes;

/// Equal pixels in a row, and in a column, that make a flat: of pictures that
/// are seen as they are, and of such that were scaled down.
GRAPHIQA_BOTH constexpr int FlatLength(int column) {
  return column == 0 ? 16 : 24;
}
constexpr int kLongestFlat = FlatLength(kFlatColumns - 1);

/// One column: square root of the share of pixels within such a row and such a
/// column.
GRAPHIQA_BOTH float FlatStatistic(int64_t count, int width, int height) {
  return static_cast<float>(
      sqrt(static_cast<double>(count) /
           (static_cast<double>(width) * static_cast<double>(height))));
}

/// On the CPU.
/// @param counts  [kFlatColumns], written
void SumFlats(const PicturePlanes& planes, Scratch* scratch, int64_t* counts);

}  // namespace graphiqa
