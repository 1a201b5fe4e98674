// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "picture_flats.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "clones.h"

namespace graphiqa {
namespace {

using Bytes = std::vector<uint8_t>;

/// Whether pixels equal those a step before: next to them, or above.
GRAPHIQA_CLONES void Compare(const uint32_t* __restrict colours, ptrdiff_t step,
                             int count, uint8_t* __restrict equal) {
  for (int i = 0; i < count; ++i) equal[i] = colours[i] == colours[i - step];
}

/// Lengths of runs of equal pixels along a line, up to kLongestFlat, at each
/// pixel of the run; the smaller of that and what is there is kept.
void Measure(const uint8_t* equal, ptrdiff_t step, int count,
             uint8_t* lengths) {
  int first = 0;
  for (int i = 1; i <= count; ++i) {
    if (i < count && equal[i * step]) continue;
    const auto length = static_cast<uint8_t>(std::min(i - first, kLongestFlat));
    for (int k = first; k < i; ++k) {
      lengths[k * step] = std::min(lengths[k * step], length);
    }
    first = i;
  }
}

}  // namespace

void SumFlats(const uint32_t* colours, int width, int height, int64_t* counts) {
  const int area = width * height;
  Bytes beside(static_cast<size_t>(area));
  Bytes above(static_cast<size_t>(area));
  // What a row's first pixel says of the row before is not looked at.
  Compare(colours + 1, 1, area - 1, beside.data() + 1);
  Compare(colours + width, width, area - width, above.data() + width);
  Bytes lengths(static_cast<size_t>(area), kLongestFlat);
  for (int y = 0; y < height; ++y) {
    const ptrdiff_t at = static_cast<ptrdiff_t>(y) * width;
    Measure(beside.data() + at, 1, width, lengths.data() + at);
  }
  for (int x = 0; x < width; ++x) {
    Measure(above.data() + x, width, height, lengths.data() + x);
  }
  for (int column = 0; column < kFlatColumns; ++column) {
    counts[column] = std::count_if(
        lengths.begin(), lengths.end(),
        [column](uint8_t length) { return length >= FlatLength(column); });
  }
}

}  // namespace graphiqa
