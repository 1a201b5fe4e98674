// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "picture_copies.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <vector>

#include "clones.h"

namespace graphiqa {
namespace {

/// @param colours  the row's; others lie `width` before and after it
/// @param hashes   of all but the row's ends
/// @param sought   the same, kNoCopy where there is no texture
GRAPHIQA_CLONES void HashRow(const uint32_t* __restrict colours,
                             const int* __restrict luma, int width,
                             uint32_t* __restrict hashes,
                             uint32_t* __restrict sought) {
  for (int x = 1; x < width - 1; ++x) {
    const uint32_t hash =
        CopyHash(colours + x - width, colours + x, colours + x + width);
    const int* above = luma + x - width;
    const int* below = luma + x + width;
    const int sum = above[-1] + above[0] + above[1] + luma[x - 1] + luma[x] +
                    luma[x + 1] + below[-1] + below[0] + below[1];
    hashes[x] = hash;
    sought[x] = IsTextured(luma[x], sum) ? hash : kNoCopy;
  }
}

GRAPHIQA_CLONES int CountEqual(const uint32_t* __restrict a,
                               const uint32_t* __restrict b, int count) {
  int equal = 0;
  for (int x = 0; x < count; ++x) equal += a[x] == b[x] ? 1 : 0;
  return equal;
}

}  // namespace

void SumCopies(const int* luma, const uint32_t* colours, int width, int height,
               int64_t* counts) {
  const auto area = static_cast<size_t>(width) * static_cast<size_t>(height);
  std::vector<uint32_t> hashes(area), sought(area);
  const auto at = [width](int y) { return static_cast<ptrdiff_t>(y) * width; };
  for (int y = 1; y < height - 1; ++y) {
    HashRow(colours + at(y), luma + at(y), width, hashes.data() + at(y),
            sought.data() + at(y));
  }
  std::fill_n(counts, kCopySums, 0);
  counts[kCopyShifts] = static_cast<int64_t>(area) -
                        std::count(sought.begin(), sought.end(), kNoCopy);
  for (int y = 1; y < height - 1; ++y) {
    int64_t* count = counts;
    for (int down = 0; down <= kCopyReach; ++down) {
      for (int right = -kCopyReach; right <= kCopyReach; ++right) {
        if (!IsCopyShift(right, down)) continue;
        if (y + down < height - 1) {
          const int first = std::max(1, 1 - right);
          *count += CountEqual(sought.data() + at(y) + first,
                               hashes.data() + at(y + down) + first + right,
                               width - 2 - std::abs(right));
        }
        ++count;
      }
    }
  }
}

}  // namespace graphiqa
