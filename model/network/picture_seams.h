// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Straight steps of luma, one pixel wide and along an axis, of
/// PictureStatistics(): borders of pasted blocks and of coded ones. For the CPU
/// and for CUDA kernels.
#pragma once

#include <cmath>
#include <cstdint>

#include "both.h"
#include "picture_columns.h"

namespace graphiqa {

class Scratch;
struct PicturePlanes;

constexpr int kSeamLength = 14;       // pixels along the seam
constexpr int kMostSeam = 16 * 64;    // in 1/64 of a code
constexpr int kSeamSurroundings = 3;  // more pixels across than places

/// By how much a step stands out from those beside it.
/// @param before,step,after  |differences| of neighbouring pixels
template <typename Int>
GRAPHIQA_BOTH Int SeamOf(Int before, Int step, Int after) {
  const Int beside = before > after ? before : after;
  const Int over = static_cast<Int>(step - beside);
  const Int least = over < 0 ? Int{0} : over;
  return least > Int{kMostSeam} ? Int{kMostSeam} : least;
}

/// What a sum of SeamOf() along a seam exceeds where the mean exceeds 1, 2, 3,
/// 4, 6 or 8 codes.
GRAPHIQA_BOTH constexpr int SeamThreshold(int level) {
  return (level < 4 ? level + 1 : 2 * level - 2) * 64 * kSeamLength;
}

/// Number of places.
/// @param across,along  pixels of the picture, across and along the seam
GRAPHIQA_BOTH int64_t SeamPlaces(int across, int along) {
  return along < kSeamLength
             ? 0
             : static_cast<int64_t>(across - kSeamSurroundings) *
                   (along - kSeamLength + 1);
}

/// Fourth root of the share of places above a level.
GRAPHIQA_BOTH float SeamStatistic(int64_t count, int64_t places) {
  if (places == 0) return 0;
  const double share = static_cast<double>(count) / static_cast<double>(places);
  return static_cast<float>(sqrt(sqrt(share)));
}

/// On the CPU.
/// @param counts  [kSeamColumns], places above each level of upright seams,
///   then of level ones, written
void SumSeams(const PicturePlanes& planes, Scratch* scratch, int64_t* counts);

}  // namespace graphiqa
