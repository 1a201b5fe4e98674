// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "picture_seams.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <vector>

#include "clones.h"

namespace graphiqa {
namespace {

/// @param steps  [width - 1], used in between
/// @param seams  [width - kSeamSurroundings]
GRAPHIQA_CLONES void SeamsOf(const int* __restrict row, int width,
                             int* __restrict steps, int* __restrict seams) {
  for (int x = 0; x < width - 1; ++x) steps[x] = std::abs(row[x + 1] - row[x]);
  for (int x = 0; x < width - kSeamSurroundings; ++x) {
    seams[x] = SeamOf(steps[x], steps[x + 1], steps[x + 2]);
  }
}

/// sums + added - removed
GRAPHIQA_CLONES void Move(const int* __restrict added,
                          const int* __restrict removed, int count,
                          int* __restrict sums) {
  for (int x = 0; x < count; ++x) sums[x] += added[x] - removed[x];
}

GRAPHIQA_CLONES int CountAbove(const int* __restrict sums, int count,
                               int threshold) {
  int above = 0;
  for (int x = 0; x < count; ++x) above += sums[x] > threshold ? 1 : 0;
  return above;
}

/// Upright seams.
void SumUpright(const int* luma, int width, int height, int64_t* counts) {
  const int places = width - kSeamSurroundings;
  std::vector<int> steps(static_cast<size_t>(width));
  std::vector<int> sums(static_cast<size_t>(width));
  // The last rows' seams; before the first row there is nothing.
  std::vector<int> last[kSeamLength];
  for (auto& seams : last) seams.resize(static_cast<size_t>(width));
  std::vector<int> next(static_cast<size_t>(width));
  for (int y = 0; y < height; ++y) {
    std::vector<int>& oldest = last[y % kSeamLength];
    SeamsOf(luma + static_cast<ptrdiff_t>(y) * width, width, steps.data(),
            next.data());
    Move(next.data(), oldest.data(), places, sums.data());
    next.swap(oldest);
    if (y + 1 < kSeamLength) continue;
    for (int level = 0; level < kSeamLevels; ++level) {
      counts[level] += CountAbove(sums.data(), places, SeamThreshold(level));
    }
  }
}

std::vector<int> Transposed(const int* luma, int width, int height) {
  constexpr int kPart = 16;  // rows whose lines of cache are kept
  std::vector<int> turned(static_cast<size_t>(width) *
                          static_cast<size_t>(height));
  for (int top = 0; top < height; top += kPart) {
    const int rows = std::min(kPart, height - top);
    for (int x = 0; x < width; ++x) {
      const int* from = luma + static_cast<ptrdiff_t>(top) * width + x;
      int* to = turned.data() + static_cast<ptrdiff_t>(x) * height + top;
      for (int y = 0; y < rows; ++y) {
        to[y] = from[static_cast<ptrdiff_t>(y) * width];
      }
    }
  }
  return turned;
}

}  // namespace

void SumSeams(const int* luma, int width, int height, int64_t* counts) {
  std::fill_n(counts, kSeamColumns, 0);
  SumUpright(luma, width, height, counts);
  const std::vector<int> turned = Transposed(luma, width, height);
  SumUpright(turned.data(), height, width, counts + kSeamLevels);
}

}  // namespace graphiqa
