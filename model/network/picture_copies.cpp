// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "picture_copies.h"

#include <algorithm>
#include <cstdlib>

#include "clones.h"
#include "picture_planes.h"

namespace graphiqa {
namespace {

/// Hashes of the pixels' surroundings, kNoCopy at the ends of rows and beyond.
/// Of most pixels a part of the hash tells that they have no copy.
struct Hashes {
  uint32_t* all;
  uint32_t* sought;  // kNoCopy where there is no texture
  uint16_t* part_of_all;
  uint16_t* part_of_sought;
};

/// 0 of kNoCopy alone.
inline uint16_t PartOf(uint32_t hash) {
  const auto part = static_cast<uint16_t>(hash);
  return static_cast<uint16_t>(part | (part == 0 && hash != kNoCopy ? 1 : 0));
}

/// @param above,row,below  packed colours, with one before and one after
/// @returns number of textured pixels
GRAPHIQA_CLONES int HashRow(const uint32_t* above, const uint32_t* row,
                            const uint32_t* below, const int16_t* luma,
                            ptrdiff_t stride, const int16_t* __restrict mask,
                            uint32_t* __restrict all,
                            uint32_t* __restrict sought,
                            uint16_t* __restrict part_of_all,
                            uint16_t* __restrict part_of_sought) {
  const int16_t* over = luma - stride;
  const int16_t* under = luma + stride;
  int textured = 0;
  for (ptrdiff_t x = 0; x < stride; ++x) {
    const int sum = over[x - 1] + over[x] + over[x + 1] + luma[x - 1] +
                    luma[x] + luma[x + 1] + under[x - 1] + under[x] +
                    under[x + 1];
    const uint32_t hash = CopyHash(above + x, row + x, below + x) &
                          static_cast<uint32_t>(int32_t{mask[x]});
    const uint32_t wanted = IsTextured(luma[x], sum) ? hash : kNoCopy;
    textured += wanted != kNoCopy ? 1 : 0;
    all[x] = hash;
    sought[x] = wanted;
    part_of_all[x] = PartOf(hash);
    part_of_sought[x] = PartOf(wanted);
  }
  return textured;
}

/// The smallest bitwise difference of a pixel's hash and of those at kCount
/// shifts, and of what is there; of kPlaneLanes pixels.
template <int kCount>
GRAPHIQA_INLINE void Differ(const uint16_t* __restrict sought,
                            const uint16_t* __restrict hashes,
                            uint16_t* __restrict least) {
  for (int x = 0; x < kPlaneLanes; ++x) {
    uint16_t smallest = least[x];
#pragma GCC unroll 9
    for (int i = 0; i < kCount; ++i) {
      const auto difference = static_cast<uint16_t>(sought[x] ^ hashes[x + i]);
      smallest = difference < smallest ? difference : smallest;
    }
    least[x] = smallest;
  }
}

/// For the shifts of IsCopyShift() that lead to a row, without regard to where
/// the picture ends.
/// @param hashes  of that row, below the pixels
GRAPHIQA_INLINE void DifferFromRow(const uint16_t* __restrict sought,
                                   const uint16_t* __restrict hashes, int down,
                                   uint16_t* __restrict least) {
  static_assert(kCopyReach == 8, "the shifts below");
  if (down == 0) {
    Differ<6>(sought, hashes + 3, least);
  } else if (down == 1) {
    Differ<7>(sought, hashes - 8, least);
    Differ<7>(sought, hashes + 2, least);
  } else if (down == 2) {
    Differ<8>(sought, hashes - 8, least);
    Differ<8>(sought, hashes + 1, least);
  } else {
    Differ<8>(sought, hashes - 8, least);
    Differ<9>(sought, hashes, least);
  }
}

/// Whether any of kPlaneLanes hashes has a difference of 0 and is sought.
GRAPHIQA_INLINE bool IsAnyFound(const uint16_t* __restrict sought,
                                const uint16_t* __restrict least) {
  uint16_t any = 0;
  for (int x = 0; x < kPlaneLanes; ++x) {
    const auto equal = static_cast<uint16_t>(least[x] == 0 ? UINT16_MAX : 0);
    any = static_cast<uint16_t>(any | (equal & sought[x]));
  }
  return any != 0;
}

/// Looks for kPlaneLanes pixels by a part of their hashes: in all rows
/// together, and row by row where there may be some.
/// @param hashes  below the pixels
/// @param rows    from 0 down
/// @returns bits of the rows where some may be found
GRAPHIQA_CLONES unsigned RowsToSearch(const uint16_t* sought,
                                      const uint16_t* hashes, ptrdiff_t stride,
                                      int rows) {
  uint16_t least[kPlaneLanes] = {};
  if (!IsAnyFound(sought, least)) return 0;  // nothing is sought
  for (uint16_t& value : least) value = UINT16_MAX;
  for (int down = 0; down < rows; ++down) {
    DifferFromRow(sought, hashes + down * stride, down, least);
  }
  if (!IsAnyFound(sought, least)) return 0;
  unsigned found = 0;
  for (int down = 0; down < rows; ++down) {
    for (uint16_t& value : least) value = UINT16_MAX;
    DifferFromRow(sought, hashes + down * stride, down, least);
    found |= (IsAnyFound(sought, least) ? 1u : 0u) << down;
  }
  return found;
}

GRAPHIQA_CLONES int CountEqual(const uint32_t* __restrict sought,
                               const uint32_t* __restrict hashes, int count) {
  int equal = 0;
  for (int x = 0; x < count; ++x) equal += sought[x] == hashes[x] ? 1 : 0;
  return equal;
}

constexpr int kShiftsAcross = 2 * kCopyReach + 1;

/// Where the counts of the shifts to a row start.
int FirstShift(int down) {
  constexpr int kLeft[] = {0, 6, 20, 36};  // out of rows that are not whole
  return down < 4 ? kLeft[down] : 36 + (down - 3) * kShiftsAcross;
}
static_assert(36 + (kCopyReach - 2) * kShiftsAcross == kCopyShifts, "all");

/// Counts kPlaneLanes pixels that are found again at the shifts to a row.
/// @param sought,hashes  of the pixels, and below them
/// @param left,width     first pixel, of how many of a row
void CountInRow(const uint32_t* sought, const uint32_t* hashes, int left,
                int width, int down, int64_t* counts) {
  int64_t* count = counts + FirstShift(down);
  for (int right = -kCopyReach; right <= kCopyReach; ++right) {
    if (!IsCopyShift(right, down)) continue;
    const int first = std::max(0, 1 - right - left);
    const int end = std::min(kPlaneLanes, width - 1 - right - left);
    if (first < end) {
      *count += CountEqual(sought + first, hashes + first + right, end - first);
    }
    ++count;
  }
}

/// The hashes of the last rows, so that they stay in the caches.
class HashedRows {
 public:
  HashedRows(const PicturePlanes& planes, Scratch* scratch)
      : planes_(planes), stride_(planes.stride) {
    const auto line = static_cast<size_t>(stride_);
    hashes_ = {scratch->Take<uint32_t>(line * kRows),
               scratch->Take<uint32_t>(line * kRows),
               scratch->Take<uint16_t>(line * kRows),
               scratch->Take<uint16_t>(line * kRows)};
    mask_ = scratch->Take<int16_t>(line);
    FillMask(1, planes.width - 1, stride_, mask_);
    for (auto& row : colours_) row = scratch->Take<uint32_t>(line);
    PackColours(planes, 0, colours_[0]);
    PackColours(planes, 1, colours_[1]);
  }

  /// Hashes what is missing of the rows from y to kCopyReach further.
  /// @returns of row y, those of later rows after them
  Hashes From(int y) {
    const int last = std::min(y + kCopyReach, planes_.height - 2);
    while (end_ <= last) {
      if (end_ - first_ == kRows) Forget(y);
      HashNext();
    }
    return At(y);
  }
  int64_t textured() const { return textured_; }

 private:
  static constexpr int kRows = 64;
  static_assert(kRows > kCopyReach + 1, "room for another row");

  Hashes At(int y) const {
    const ptrdiff_t at = (y - first_) * stride_;
    return {hashes_.all + at, hashes_.sought + at, hashes_.part_of_all + at,
            hashes_.part_of_sought + at};
  }

  uint32_t* Colours(int y) { return colours_[static_cast<size_t>(y % 3)]; }

  /// Makes room by forgetting the rows before y.
  void Forget(int y) {
    const ptrdiff_t kept = (end_ - y) * stride_;
    const Hashes from = At(y);
    std::copy_n(from.all, kept, hashes_.all);
    std::copy_n(from.sought, kept, hashes_.sought);
    std::copy_n(from.part_of_all, kept, hashes_.part_of_all);
    std::copy_n(from.part_of_sought, kept, hashes_.part_of_sought);
    first_ = y;
  }

  void HashNext() {
    const int y = end_++;
    PackColours(planes_, y + 1, Colours(y + 1));
    const Hashes to = At(y);
    textured_ += HashRow(Colours(y - 1), Colours(y), Colours(y + 1),
                         planes_.Row(kY, y), stride_, mask_, to.all, to.sought,
                         to.part_of_all, to.part_of_sought);
  }

  const PicturePlanes& planes_;
  const ptrdiff_t stride_;
  Hashes hashes_{};  // of rows first_ to end_ - 1
  int first_ = 1, end_ = 1;
  int16_t* mask_;
  std::array<uint32_t*, 3> colours_{};
  int64_t textured_ = 0;
};

}  // namespace

void SumCopies(const PicturePlanes& planes, Scratch* scratch, int64_t* counts) {
  std::fill_n(counts, kCopySums, 0);
  HashedRows hashed(planes, scratch);
  for (int y = 1; y < planes.height - 1; ++y) {
    const Hashes row = hashed.From(y);
    const int rows = std::min(kCopyReach + 1, planes.height - 1 - y);
    for (int left = 0; left < planes.width; left += kPlaneLanes) {
      const unsigned found =
          RowsToSearch(row.part_of_sought + left, row.part_of_all + left,
                       planes.stride, rows);
      for (int down = 0; down < rows; ++down) {
        if ((found >> down & 1) == 0) continue;
        CountInRow(row.sought + left, row.all + left + down * planes.stride,
                   left, planes.width, down, counts);
      }
    }
  }
  counts[kCopyShifts] = hashed.textured();
}

}  // namespace graphiqa
