// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>

#include "clones.h"
#include "picture_planes.h"
#include "picture_sums.h"

namespace graphiqa {
namespace {

/// @param mask  of the places of `a` that have a partner in `b`
/// @param one   1: multiplying and adding values of 16 bits at once is faster
///   than widening and adding them
GRAPHIQA_CLONES int SumDifferences(const int16_t* a, const int16_t* b,
                                   const int16_t* mask, ptrdiff_t count,
                                   int16_t one) {
  int sum = 0;  // at most 8192 * 32767
  for (ptrdiff_t x = 0; x < count; ++x) {
    const auto difference = static_cast<int16_t>(a[x] - b[x]);
    const auto distance = static_cast<int16_t>(std::abs(difference));
    sum += static_cast<int16_t>(distance & mask[x]) * one;
  }
  return sum;
}

/// A direction's steps.
struct Step {
  int right, down;
  const int16_t* mask;
  int64_t sum;
};

}  // namespace

void SumStructure(const PicturePlanes& planes, Scratch* scratch,
                  int64_t* sums) {
  const ptrdiff_t stride = planes.stride;
  std::array<Step, kDirections * kSteps> steps{};
  for (int i = 0; i < kDirections * kSteps; ++i) {
    const int length = StepOf(i % kSteps);
    const int right = StepRight(i / kSteps, length);
    auto* mask = scratch->Take<int16_t>(static_cast<size_t>(stride));
    FillMask(std::max(0, -right), planes.width - std::max(0, right), stride,
             mask);
    steps[static_cast<size_t>(i)] = {right, StepDown(i / kSteps, length), mask,
                                     0};
  }
  for (int y = 0; y < planes.height; ++y) {
    const int16_t* row = planes.Row(kY, y);
    for (Step& step : steps) {
      if (y + step.down >= planes.height) continue;
      step.sum += SumDifferences(row, row + step.down * stride + step.right,
                                 step.mask, stride, 1);
    }
  }
  for (const Step& step : steps)
    sums[kStructureSums + (&step - steps.data())] += step.sum;
}

}  // namespace graphiqa
