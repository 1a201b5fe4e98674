// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "picture_flats.h"

#include <algorithm>

#include "clones.h"
#include "picture_planes.h"

namespace graphiqa {
namespace {

/// 255 where pixels equal others and the mask has bits, 0 elsewhere.
GRAPHIQA_CLONES void Compare(const uint32_t* pixels, const uint32_t* others,
                             const int16_t* __restrict mask, ptrdiff_t count,
                             uint8_t* __restrict equal) {
  for (ptrdiff_t x = 0; x < count; ++x) {
    const int bits = mask[x];  // read in any case: no branch
    equal[x] = static_cast<uint8_t>(pixels[x] == others[x] ? bits : 0);
  }
}

/// Bits in both of two values `apart`.
GRAPHIQA_CLONES void AndApart(const uint8_t* __restrict values, int apart,
                              ptrdiff_t count, uint8_t* __restrict both) {
  for (ptrdiff_t x = 0; x < count; ++x) {
    both[x] = static_cast<uint8_t>(values[x] & values[x + apart]);
  }
}

/// Bits in one of two values, the second of which lies `apart` before.
GRAPHIQA_CLONES void OrApart(const uint8_t* __restrict values, int apart,
                             ptrdiff_t count, uint8_t* __restrict either) {
  for (ptrdiff_t x = 0; x < count; ++x) {
    either[x] = static_cast<uint8_t>(values[x] | values[x - apart]);
  }
}

/// Where runs of pixels start that make flats: 255 there.
/// @param eights  where 8 pixels in a row equal those before them
/// @returns whether there are any
GRAPHIQA_CLONES bool FindRuns(const uint8_t* __restrict eights, ptrdiff_t count,
                              uint8_t* __restrict starts,
                              uint8_t* __restrict starts_of_longer) {
  static_assert(FlatLength(0) == 16 && FlatLength(1) == 24, "the eights");
  uint8_t any = 0;
  for (ptrdiff_t x = 0; x < count; ++x) {
    const uint8_t eight = eights[x + 1];
    const auto start = static_cast<uint8_t>(eight & eights[x + 8]);
    starts[x] = start;
    starts_of_longer[x] =
        static_cast<uint8_t>(eight & eights[x + 9] & eights[x + 16]);
    any = static_cast<uint8_t>(any | start);
  }
  return any != 0;
}

/// Lengths of the runs that pixels lie in: FlatLength() or 0.
/// @param starts,starts_of_longer  whether one of 8 up to a pixel is a start
GRAPHIQA_CLONES void LengthsAcross(const uint8_t* __restrict starts,
                                   const uint8_t* __restrict starts_of_longer,
                                   ptrdiff_t count,
                                   uint8_t* __restrict lengths) {
  for (ptrdiff_t x = 0; x < count; ++x) {
    const int within = (starts[x] | starts[x - 8]) & FlatLength(0);
    const int longer = (starts_of_longer[x] | starts_of_longer[x - 8] |
                        starts_of_longer[x - 16]) &
                       FlatLength(1);
    lengths[x] = static_cast<uint8_t>(within | longer);
  }
}

/// Runs along the rows.
class RowRuns {
 public:
  RowRuns(const PicturePlanes& planes, Scratch* scratch)
      : stride_(planes.stride) {
    for (uint8_t*& line : lines_) {
      line = scratch->Take<uint8_t>(static_cast<size_t>(stride_) +
                                    2 * kPlaneLanes);
      std::fill_n(line, stride_ + 2 * kPlaneLanes, uint8_t{0});
      line += kPlaneLanes;  // so nothing lies before a line and after it
    }
    mask_ = scratch->Take<int16_t>(static_cast<size_t>(stride_));
    FillMask(1, planes.width, stride_, mask_);
  }

  /// @param lengths  [stride], written
  /// @returns whether there is any run
  bool Find(const uint32_t* colours, uint8_t* lengths) {
    const auto& [one, two, four, eight, starts, longer] = lines_;
    Compare(colours, colours - 1, mask_, stride_, one);
    AndApart(one, 1, stride_, two);
    AndApart(two, 2, stride_, four);
    AndApart(four, 4, stride_, eight);
    const bool any = FindRuns(eight, stride_, starts, longer);
    if (any) {
      GatherEight(starts);
      std::copy_n(four, stride_, starts);
      GatherEight(longer);
      LengthsAcross(starts, four, stride_, lengths);
    } else {
      std::fill_n(lengths, stride_, uint8_t{0});
    }
    return any;
  }

 private:
  /// Whether one of eight starts is set, into the third line.
  void GatherEight(const uint8_t* starts) {
    OrApart(starts, 1, stride_, lines_[0]);
    OrApart(lines_[0], 2, stride_, lines_[1]);
    OrApart(lines_[1], 4, stride_, lines_[2]);
  }

  const ptrdiff_t stride_;
  std::array<uint8_t*, 6> lines_;
  int16_t* mask_;
};

/// Lengths of the runs down that end at a row's pixels, to kLongestFlat.
/// @param equal   255 where a pixel equals that above
/// @param before  of the row above
GRAPHIQA_CLONES void LengthsDown(const uint8_t* __restrict equal,
                                 const uint8_t* __restrict before,
                                 ptrdiff_t count, uint8_t* __restrict lengths) {
  for (ptrdiff_t x = 0; x < count; ++x) {
    const auto more = static_cast<uint8_t>(1 + (before[x] & equal[x]));
    lengths[x] = more < kLongestFlat ? more : uint8_t{kLongestFlat};
  }
}

/// Gives all pixels of a run the length at its end.
/// @param below  of the row below
GRAPHIQA_CLONES void SpreadUp(const uint8_t* __restrict ends_below,
                              const uint8_t* __restrict ends, ptrdiff_t count,
                              uint8_t* __restrict lengths) {
  for (ptrdiff_t x = 0; x < count; ++x) {
    const uint8_t of_below = lengths[x];  // read in any case: no branch
    const uint8_t own = ends[x];
    lengths[x] = ends_below[x] > 1 ? of_below : own;
  }
}

/// Of one row.
GRAPHIQA_CLONES int CountFlats(const uint8_t* __restrict across,
                               const uint8_t* __restrict down, ptrdiff_t count,
                               uint8_t least) {
  int16_t flats = 0;
  for (ptrdiff_t x = 0; x < count; ++x) {
    const uint8_t length = across[x] < down[x] ? across[x] : down[x];
    flats = static_cast<int16_t>(flats + (length >= least ? 1 : 0));
  }
  return flats;
}

/// Lengths of the runs that end at each pixel, of all rows.
uint8_t* EndsDown(const PicturePlanes& planes, Scratch* scratch) {
  const ptrdiff_t stride = planes.stride;
  const auto line = static_cast<size_t>(stride);
  auto* ends = scratch->Take<uint8_t>(planes.Area());
  uint32_t* const colours[] = {scratch->Take<uint32_t>(line),
                               scratch->Take<uint32_t>(line)};
  auto* mask = scratch->Take<int16_t>(line);
  FillMask(0, planes.width, stride, mask);
  auto* equal = scratch->Take<uint8_t>(line);
  PackColours(planes, 0, colours[0]);
  std::fill_n(ends, stride, uint8_t{1});
  for (int y = 1; y < planes.height; ++y) {
    PackColours(planes, y, colours[y % 2]);
    Compare(colours[y % 2], colours[(y - 1) % 2], mask, stride, equal);
    LengthsDown(equal, ends + (y - 1) * stride, stride, ends + y * stride);
  }
  return ends;
}

/// @param across  lengths of the rows' runs, [height, stride]
/// @param counts  added to
void AddFlats(const PicturePlanes& planes, const uint8_t* across,
              Scratch* scratch, int64_t* counts) {
  const ptrdiff_t stride = planes.stride;
  const uint8_t* ends = EndsDown(planes, scratch);
  auto* down = scratch->Take<uint8_t>(static_cast<size_t>(stride));
  std::copy_n(ends + (planes.height - 1) * stride, stride, down);
  for (int y = planes.height - 1; y >= 0; --y) {
    const uint8_t* row = ends + y * stride;
    if (y + 1 < planes.height) SpreadUp(row + stride, row, stride, down);
    for (int column = 0; column < kFlatColumns; ++column) {
      counts[column] += CountFlats(across + y * stride, down, stride,
                                   static_cast<uint8_t>(FlatLength(column)));
    }
  }
}

}  // namespace

void SumFlats(const PicturePlanes& planes, Scratch* scratch, int64_t* counts) {
  std::fill_n(counts, kFlatColumns, 0);
  auto* across = scratch->Take<uint8_t>(planes.Area());
  auto* colours = scratch->Take<uint32_t>(static_cast<size_t>(planes.stride));
  RowRuns runs(planes, scratch);
  bool any = false;
  for (int y = 0; y < planes.height; ++y) {
    PackColours(planes, y, colours);
    any = runs.Find(colours, across + y * planes.stride) || any;
  }
  // Of most pictures that is all.
  if (any) AddFlats(planes, across, scratch, counts);
}

}  // namespace graphiqa
