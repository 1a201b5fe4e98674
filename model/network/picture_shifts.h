// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// How residuals of R and of a displaced G go together, of PictureStatistics():
/// where the colours of a picture have come apart, and by how much. For the CPU
/// and for CUDA kernels.
#pragma once

#include <cmath>
#include <cstdint>

#include "both.h"
#include "picture_columns.h"

namespace graphiqa {

class Scratch;
struct PicturePlanes;

constexpr int kShiftReach = 12;  // the longest displacement, pixels each way
constexpr int kShiftSide = 2 * kShiftReach + 1;
constexpr int kShiftPlaces = kShiftSide * kShiftSide;  // few of them are used
constexpr int kShiftMargin = kShiftReach + 1;          // has no residuals
constexpr int kShiftRowStep = 4;                       // rows looked at

// Sums: of R(p) G(p + d) by place, then of R(p)^2 and of G(p)^2.
constexpr int kShiftSums = kShiftPlaces + 2;

/// Radius of a ring of displacements, pixels.
GRAPHIQA_BOTH constexpr int ShiftRadius(int ring) {
  return ring < 5 ? ring : ring == 5 ? 6 : ring == 6 ? 8 : 12;
}
static_assert(ShiftRadius(kShiftColumns - 1) == kShiftReach, "the last ring");

/// Whether a displacement's length rounds to the ring's radius.
GRAPHIQA_BOTH constexpr bool IsInRing(int right, int down, int ring) {
  const int radius = ShiftRadius(ring);
  const int length = 4 * (right * right + down * down);
  const int within = 2 * radius + 1;
  const int beyond = radius == 0 ? 0 : 2 * radius - 1;
  return length < within * within && length >= beyond * beyond;
}

GRAPHIQA_BOTH constexpr bool IsShiftPlace(int right, int down) {
  for (int ring = 0; ring < kShiftColumns; ++ring) {
    if (IsInRing(right, down, ring)) return true;
  }
  return false;
}

/// Rows looked at: from kShiftMargin, every kShiftRowStep-th.
GRAPHIQA_BOTH constexpr int ShiftRows(int height) {
  const int inner = height - 2 * kShiftMargin;
  return inner <= 0 ? 0 : (inner + kShiftRowStep - 1) / kShiftRowStep;
}

/// One column: the largest correlation in a ring; 0 where a picture is too
/// small to be displaced.
/// @param sums  [kShiftSums]
GRAPHIQA_BOTH float ShiftStatistic(int ring, const int64_t* sums, int width,
                                   int height) {
  const int64_t rows = ShiftRows(height);
  const int64_t pixels = rows * (width - 2 * kShiftMargin);
  if (rows == 0 || pixels <= 0) return 0;
  int64_t most = INT64_MIN;
  for (int place = 0; place < kShiftPlaces; ++place) {
    const int right = place % kShiftSide - kShiftReach;
    const int down = place / kShiftSide - kShiftReach;
    if (!IsInRing(right, down, ring)) continue;
    if (sums[place] > most) most = sums[place];
  }
  const double power = static_cast<double>(sums[kShiftPlaces]) *
                       static_cast<double>(sums[kShiftPlaces + 1]);
  return static_cast<float>(static_cast<double>(most) /
                            (sqrt(power) + 0.1 * static_cast<double>(pixels)));
}

/// On the CPU.
/// @param sums  [kShiftSums], written
void SumShifts(const PicturePlanes& planes, Scratch* scratch, int64_t* sums);

}  // namespace graphiqa
