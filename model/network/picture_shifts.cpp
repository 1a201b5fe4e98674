// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "picture_shifts.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "clones.h"
#include "picture_pairs.h"

namespace graphiqa {
namespace {

/// Residuals of the pixels that have four neighbours, 0 elsewhere. Of 16 bits,
/// which multiply and add twice as fast.
class Residuals {
 public:
  Residuals(const int* plane, int width, int height)
      : width_(width),
        values_(static_cast<size_t>(width) * static_cast<size_t>(height)) {
    for (int y = 1; y < height - 1; ++y) {
      Fill(plane + At(y), width, values_.data() + At(y));
    }
  }
  const int16_t* Row(int y) const { return values_.data() + At(y); }

 private:
  ptrdiff_t At(int y) const { return static_cast<ptrdiff_t>(y) * width_; }

  GRAPHIQA_CLONES static void Fill(const int* __restrict row, int width,
                                   int16_t* __restrict values) {
    for (int x = 1; x < width - 1; ++x) {
      const int around =
          row[x - 1] + row[x + 1] + row[x - width] + row[x + width];
      values[x] = static_cast<int16_t>(SignedResidual(row[x], around));
    }
  }

  const int width_;
  std::vector<int16_t> values_;
};

GRAPHIQA_CLONES int Product(const int16_t* __restrict a,
                            const int16_t* __restrict b, int count) {
  int sum = 0;  // at most 8192 * 10000
  for (int x = 0; x < count; ++x) sum += a[x] * b[x];
  return sum;
}

}  // namespace

void SumShifts(const int* red, const int* green, int width, int height,
               int64_t* sums) {
  std::fill_n(sums, kShiftSums, 0);
  const int count = width - 2 * kShiftMargin;
  if (count <= 0 || ShiftRows(height) == 0) return;
  const Residuals r(red, width, height);
  const Residuals g(green, width, height);
  for (int row = 0; row < ShiftRows(height); ++row) {
    const int y = kShiftMargin + row * kShiftRowStep;
    const int16_t* from = r.Row(y) + kShiftMargin;
    const int16_t* to = g.Row(y) + kShiftMargin;
    for (int place = 0; place < kShiftPlaces; ++place) {
      const int right = place % kShiftSide - kShiftReach;
      const int down = place / kShiftSide - kShiftReach;
      if (!IsShiftPlace(right, down)) continue;
      sums[place] +=
          Product(from, g.Row(y + down) + kShiftMargin + right, count);
    }
    sums[kShiftPlaces] += Product(from, from, count);
    sums[kShiftPlaces + 1] += Product(to, to, count);
  }
}

}  // namespace graphiqa
