// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "clones.h"
#include "picture_planes.h"
#include "picture_sums.h"

namespace graphiqa {
namespace {

/// -1, or 0: what comparing vectors gives.
inline int16_t AllBits(bool set) { return static_cast<int16_t>(set ? -1 : 0); }

struct PairCounts {
  // Above the classes' least sizes, so of a class and of those after it.
  int there[kPairClasses], agree[kPairClasses];
  int products;
};

/// Of sizes above a class's least.
/// @param a,b  residuals
GRAPHIQA_CLONES PairCounts CountPair(const int16_t* __restrict a,
                                     const int16_t* __restrict b,
                                     ptrdiff_t count) {
  // At most 8192 each; in variables, not arrays, so that they stay registers.
  int16_t there0 = 0, there1 = 0, there2 = 0;
  int16_t agree0 = 0, agree1 = 0, agree2 = 0;
  int products = 0;  // at most 8192 * 10000
  for (ptrdiff_t x = 0; x < count; ++x) {
    const auto size = static_cast<int16_t>(std::abs(a[x]) + std::abs(b[x]));
    const int16_t same = AllBits(static_cast<int16_t>(a[x] * b[x]) > 0);
    const int16_t above0 = AllBits(size > LeastPairSize(0));
    const int16_t above1 = AllBits(size > LeastPairSize(1));
    const int16_t above2 = AllBits(size > LeastPairSize(2));
    there0 = static_cast<int16_t>(there0 - above0);
    there1 = static_cast<int16_t>(there1 - above1);
    there2 = static_cast<int16_t>(there2 - above2);
    agree0 = static_cast<int16_t>(agree0 - (above0 & same));
    agree1 = static_cast<int16_t>(agree1 - (above1 & same));
    agree2 = static_cast<int16_t>(agree2 - (above2 & same));
    products += a[x] * b[x];
  }
  return {{there0, there1, there2}, {agree0, agree1, agree2}, products};
}

/// Adds a row's sums of a pair.
void AddPair(const int16_t* a, const int16_t* b, ptrdiff_t count,
             int64_t* sums) {
  const PairCounts counts = CountPair(a, b, count);
  for (int k = 0; k < kPairClasses; ++k) {
    const bool last = k + 1 == kPairClasses;
    sums[k] += counts.agree[k] - (last ? 0 : counts.agree[k + 1]);
    sums[kPairClasses + k] +=
        counts.there[k] - (last ? 0 : counts.there[k + 1]);
  }
  sums[2 * kPairClasses] += counts.products;
}

}  // namespace

void SumPairs(const PicturePlanes& planes, Scratch* scratch, int64_t* sums) {
  const ptrdiff_t stride = planes.stride;
  const auto line = [&] {
    return scratch->Take<int16_t>(static_cast<size_t>(stride));
  };
  int16_t* const mask = line();
  int16_t* const residuals[3] = {line(), line(), line()};
  FillMask(1, planes.width - 1, stride, mask);
  for (int y = 1; y < planes.height - 1; ++y) {
    for (int c = 0; c < 3; ++c) {
      sums[kSquares + c] +=
          SignedResiduals(planes.Row(static_cast<Plane>(kRed + c), y), stride,
                          mask, residuals[c]);
    }
    for (int pair = 0; pair < 3; ++pair) {
      AddPair(residuals[FirstOf(pair)], residuals[SecondOf(pair)], stride,
              sums + kPairs + pair * kPairSums);
    }
  }
}

GRAPHIQA_CLONES int SignedResiduals(const int16_t* row, ptrdiff_t stride,
                                    const int16_t* __restrict mask,
                                    int16_t* __restrict residuals) {
  const int16_t* above = row - stride;
  const int16_t* below = row + stride;
  int squares = 0;  // at most 8192 * 10000
  for (ptrdiff_t x = 0; x < stride; ++x) {
    const auto around =
        static_cast<int16_t>(above[x] + below[x] + row[x - 1] + row[x + 1]);
    const auto residual =
        static_cast<int16_t>(SignedResidual(row[x], around) & mask[x]);
    residuals[x] = residual;
    squares += residual * residual;
  }
  return squares;
}

}  // namespace graphiqa
