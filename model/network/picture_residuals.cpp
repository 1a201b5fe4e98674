// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "clones.h"
#include "picture_planes.h"
#include "picture_sums.h"

namespace graphiqa {
namespace {

/// Classes of a row's tones; -1 where the mask has no bits.
GRAPHIQA_CLONES void Classes(const int16_t* row, ptrdiff_t stride,
                             const int16_t* __restrict mask,
                             int16_t* __restrict classes) {
  const int16_t* above = row - stride;
  const int16_t* below = row + stride;
  for (ptrdiff_t x = 0; x < stride; ++x) {
    const int tone = ToneClass(above[x] + below[x] + row[x - 1] + row[x + 1]);
    classes[x] = static_cast<int16_t>(tone | ~mask[x]);
  }
}

struct ResidualTotals {
  int64_t roots, squares;
};

/// Residuals of a row; 0 where the mask has no bits.
GRAPHIQA_CLONES ResidualTotals Residuals(const int16_t* row, ptrdiff_t stride,
                                         const int16_t* __restrict mask,
                                         int16_t* __restrict residuals) {
  const int16_t* above = row - stride;
  const int16_t* below = row + stride;
  // Of at most 8192 values: roots to 1293, squares to 6528^2, in two parts.
  int roots = 0;
  int squares_high = 0;
  int squares_low = 0;
  for (ptrdiff_t x = 0; x < stride; ++x) {
    const int around = above[x] + below[x] + row[x - 1] + row[x + 1];
    const int residual = ResidualOf(row[x], around) & mask[x];
    residuals[x] = static_cast<int16_t>(residual);
    roots += RootOf(residual);
    squares_high += residual * residual >> 8;
    squares_low += residual * residual & 255;
  }
  return {roots, static_cast<int64_t>(squares_high) * 256 + squares_low};
}

struct ClassSums {
  int count, sums[3];
};

/// Of one class, of all planes: with sums of all classes the loop would not be
/// compiled to vector instructions.
/// @param one  1: values of 16 bits are multiplied and added at once, which is
///   faster than to widen and to add them
GRAPHIQA_CLONES ClassSums SumClass(const int16_t* __restrict classes,
                                   const int16_t* __restrict y,
                                   const int16_t* __restrict cb,
                                   const int16_t* __restrict cr,
                                   ptrdiff_t count, int16_t wanted,
                                   int16_t one) {
  int16_t there = 0;
  int of_y = 0, of_cb = 0, of_cr = 0;  // at most 8192 * 6528
  for (ptrdiff_t x = 0; x < count; ++x) {
    const auto mask = static_cast<int16_t>(classes[x] == wanted ? -1 : 0);
    there = static_cast<int16_t>(there - mask);
    of_y += static_cast<int16_t>(y[x] & mask) * one;
    of_cb += static_cast<int16_t>(cb[x] & mask) * one;
    of_cr += static_cast<int16_t>(cr[x] & mask) * one;
  }
  return {there, {of_y, of_cb, of_cr}};
}

/// Bits of the classes that there are.
GRAPHIQA_CLONES unsigned ClassesThere(const int16_t* __restrict classes,
                                      ptrdiff_t count) {
  uint16_t there = 0;
  for (ptrdiff_t x = 0; x < count; ++x) {
    there = static_cast<uint16_t>(there | 1u << (classes[x] & 15));
  }
  return there;
}

void AddClasses(const int16_t* classes, int16_t* const residuals[3],
                ptrdiff_t stride, int64_t* sums) {
  const unsigned there = ClassesThere(classes, stride);
  for (int16_t k = 0; k < kToneClasses; ++k) {
    if ((there >> k & 1) == 0) continue;
    const ClassSums found = SumClass(classes, residuals[0], residuals[1],
                                     residuals[2], stride, k, 1);
    sums[kClassCounts + k] += found.count;
    for (int plane = 0; plane < 3; ++plane) {
      sums[kResiduals + plane * kResidualSums + k] += found.sums[plane];
    }
  }
}

}  // namespace

void SumResiduals(const PicturePlanes& planes, Scratch* scratch,
                  int64_t* sums) {
  const ptrdiff_t stride = planes.stride;
  const auto line = [&] {
    return scratch->Take<int16_t>(static_cast<size_t>(stride));
  };
  int16_t* const mask = line();
  int16_t* const classes = line();
  int16_t* const residuals[3] = {line(), line(), line()};
  FillMask(1, planes.width - 1, stride, mask);
  for (int y = 1; y < planes.height - 1; ++y) {
    Classes(planes.Row(kY, y), stride, mask, classes);
    for (int plane = 0; plane < 3; ++plane) {
      const ResidualTotals totals =
          Residuals(planes.Row(static_cast<Plane>(plane), y), stride, mask,
                    residuals[plane]);
      int64_t* const to =
          sums + kResiduals + plane * kResidualSums + kToneClasses;
      to[0] += totals.roots;
      to[1] += totals.squares;
    }
    AddClasses(classes, residuals, stride, sums);
  }
}

}  // namespace graphiqa
