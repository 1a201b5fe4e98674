// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "picture_seams.h"

#include <algorithm>
#include <cstdlib>

#include "clones.h"
#include "picture_planes.h"

namespace graphiqa {
namespace {

/// How much a row's upright seams stand out, 0 where the mask has no bits.
/// @param steps  [stride + 2], used in between
GRAPHIQA_CLONES void UprightSeams(const int16_t* row, ptrdiff_t stride,
                                  const int16_t* __restrict mask,
                                  int16_t* __restrict steps,
                                  int16_t* __restrict seams) {
  for (ptrdiff_t x = 0; x < stride; ++x) {
    const auto step = static_cast<int16_t>(row[x + 1] - row[x]);
    steps[x] = static_cast<int16_t>(std::abs(step));
  }
  for (ptrdiff_t x = 0; x < stride; ++x) {
    const int16_t seam = SeamOf(steps[x], steps[x + 1], steps[x + 2]);
    seams[x] = static_cast<int16_t>(seam & mask[x]);
  }
}

/// sums + added - removed, each at most 14 * 1024
GRAPHIQA_CLONES void Move(const int16_t* __restrict added,
                          const int16_t* __restrict removed, ptrdiff_t count,
                          int16_t* __restrict sums) {
  for (ptrdiff_t x = 0; x < count; ++x) {
    sums[x] = static_cast<int16_t>(sums[x] + added[x] - removed[x]);
  }
}

/// How much level seams between the second row and the third stand out.
/// @param row  the first of four
GRAPHIQA_CLONES void LevelSeams(const int16_t* row, ptrdiff_t stride,
                                int16_t* __restrict seams) {
  const int16_t* rows[] = {row, row + stride, row + 2 * stride,
                           row + 3 * stride};
  for (ptrdiff_t x = 0; x < stride; ++x) {
    const auto before = static_cast<int16_t>(rows[1][x] - rows[0][x]);
    const auto step = static_cast<int16_t>(rows[2][x] - rows[1][x]);
    const auto after = static_cast<int16_t>(rows[3][x] - rows[2][x]);
    seams[x] = SeamOf(static_cast<int16_t>(std::abs(before)),
                      static_cast<int16_t>(std::abs(step)),
                      static_cast<int16_t>(std::abs(after)));
  }
}

/// Sums of two values `apart`.
GRAPHIQA_CLONES void AddApart(const int16_t* __restrict values, int apart,
                              ptrdiff_t count, int16_t* __restrict sums) {
  for (ptrdiff_t x = 0; x < count; ++x) {
    sums[x] = static_cast<int16_t>(values[x] + values[x + apart]);
  }
}

/// Sums of kSeamLength values, of sums of 8, 4 and 2 of them; 0 where the mask
/// has no bits.
GRAPHIQA_CLONES void AddAlong(const int16_t* __restrict eights,
                              const int16_t* __restrict fours,
                              const int16_t* __restrict twos,
                              const int16_t* __restrict mask, ptrdiff_t count,
                              int16_t* __restrict sums) {
  static_assert(kSeamLength == 8 + 4 + 2, "the parts");
  for (ptrdiff_t x = 0; x < count; ++x) {
    sums[x] = static_cast<int16_t>((eights[x] + fours[x + 8] + twos[x + 12]) &
                                   mask[x]);
  }
}

/// Adds a row's places above each level.
/// @param sums  along the seams, 0 where there is no place
GRAPHIQA_CLONES void CountAbove(const int16_t* __restrict sums, ptrdiff_t count,
                                int64_t* __restrict counts) {
  for (int level = 0; level < kSeamLevels; ++level) {
    const auto threshold = static_cast<int16_t>(SeamThreshold(level));
    int16_t above = 0;
    for (ptrdiff_t x = 0; x < count; ++x) {
      const auto mask = static_cast<int16_t>(sums[x] > threshold ? -1 : 0);
      above = static_cast<int16_t>(above - mask);
    }
    if (above == 0) break;  // of higher levels there are not more
    counts[level] += above;
  }
}

void SumUpright(const PicturePlanes& planes, Scratch* scratch,
                int64_t* counts) {
  const ptrdiff_t stride = planes.stride;
  const auto line = [&] {
    auto* values = scratch->Take<int16_t>(static_cast<size_t>(stride) + 2);
    std::fill_n(values, stride + 2, int16_t{0});
    return values;
  };
  int16_t* const mask = line();
  FillMask(0, planes.width - kSeamSurroundings, stride, mask);
  int16_t* const steps = line();
  int16_t* const sums = line();
  int16_t* next = line();
  // The last rows' seams; before the first row there is nothing.
  std::array<int16_t*, kSeamLength> last{};
  for (int16_t*& seams : last) seams = line();
  for (int y = 0; y < planes.height; ++y) {
    int16_t*& oldest = last[static_cast<size_t>(y % kSeamLength)];
    UprightSeams(planes.Row(kY, y), stride, mask, steps, next);
    Move(next, oldest, stride, sums);
    std::swap(next, oldest);
    if (y + 1 >= kSeamLength) CountAbove(sums, stride, counts);
  }
}

void SumLevel(const PicturePlanes& planes, Scratch* scratch, int64_t* counts) {
  const ptrdiff_t stride = planes.stride;
  // What lies beyond a line's end is added to places that the mask takes away.
  const auto line = [&] {
    auto* values =
        scratch->Take<int16_t>(static_cast<size_t>(stride) + kSeamLength);
    std::fill_n(values, stride + kSeamLength, int16_t{0});
    return values;
  };
  int16_t* const mask = line();
  FillMask(0, planes.width - kSeamLength + 1, stride, mask);
  int16_t* const seams = line();
  int16_t* const twos = line();
  int16_t* const fours = line();
  int16_t* const eights = line();
  int16_t* const sums = line();
  for (int y = 0; y < planes.height - kSeamSurroundings; ++y) {
    LevelSeams(planes.Row(kY, y), stride, seams);
    AddApart(seams, 1, stride, twos);
    AddApart(twos, 2, stride, fours);
    AddApart(fours, 4, stride, eights);
    AddAlong(eights, fours, twos, mask, stride, sums);
    CountAbove(sums, stride, counts);
  }
}

}  // namespace

void SumSeams(const PicturePlanes& planes, Scratch* scratch, int64_t* counts) {
  std::fill_n(counts, kSeamColumns, 0);
  SumUpright(planes, scratch, counts);
  SumLevel(planes, scratch, counts + kSeamLevels);
}

}  // namespace graphiqa
