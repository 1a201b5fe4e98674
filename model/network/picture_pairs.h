// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// How the residuals of two of R, G and B go together, of PictureStatistics().
/// Noise of its own in each channel agrees in sign half of the time; noise in
/// luma and chroma, and most of a picture's detail, more often. Residuals count
/// in 1/4 of an 8-bit code. For the CPU and for CUDA kernels.
#pragma once

#include <cmath>
#include <cstdint>

#include "both.h"
#include "picture_columns.h"

namespace graphiqa {

constexpr int kMostSigned = 100;    // 25 codes
constexpr int kLeastOfClass = 200;  // pixels, below which nothing is said

// Sums of a pair: how many agree, by class; how many there are; the products.
constexpr int kPairSums = 2 * kPairClasses + 1;

GRAPHIQA_BOTH int FirstOf(int pair) { return pair == 2 ? 1 : 0; }
GRAPHIQA_BOTH int SecondOf(int pair) { return pair == 0 ? 1 : 2; }

/// @param neighbours  sum of the channel's codes at the four pixels around
template <typename Int>
GRAPHIQA_BOTH Int SignedResidual(Int code, Int neighbours) {
  const Int residual = static_cast<Int>(4 * code - neighbours);
  const Int least = residual < -kMostSigned ? Int{-kMostSigned} : residual;
  return least > kMostSigned ? Int{kMostSigned} : least;
}

/// What |a| + |b| is above in each class: half a code, 6, 24.
GRAPHIQA_BOTH constexpr int LeastPairSize(int pair_class) {
  return pair_class == 0 ? 2 : pair_class == 1 ? 24 : 96;
}

/// -1 where both are next to nothing.
GRAPHIQA_BOTH int PairClass(int a, int b) {
  const int size = (a < 0 ? -a : a) + (b < 0 ? -b : b);
  int found = -1;
  for (int k = 0; k < kPairClasses; ++k)
    found += size > LeastPairSize(k) ? 1 : 0;
  return found;
}

/// One of a pair's columns: the share of pixels whose residuals have the same
/// sign, by class, and the correlation.
/// @param sums     [kPairSums]
/// @param squares  sums of a^2 and of b^2
/// @param pixels   summed over
GRAPHIQA_BOTH float PairStatistic(int column, const int64_t* sums,
                                  int64_t square_a, int64_t square_b,
                                  int64_t pixels) {
  if (column < kPairClasses) {
    const int64_t count = sums[kPairClasses + column];
    if (count <= kLeastOfClass) return 0.5f;
    return static_cast<float>(static_cast<double>(sums[column]) /
                              static_cast<double>(count));
  }
  const double scale = 16.0 * static_cast<double>(pixels);
  const double product = static_cast<double>(sums[2 * kPairClasses]) / scale;
  const double power = (static_cast<double>(square_a) / scale) *
                       (static_cast<double>(square_b) / scale);
  return static_cast<float>(product / sqrt(power + 0.01));
}

}  // namespace graphiqa
