// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "picture_shifts.h"

#include <algorithm>
#include <vector>

#include "clones.h"
#include "picture_planes.h"

namespace graphiqa {
namespace {

/// The places that are used, those to one row after each other.
struct Place {
  int place;  // of the sums
  int right, down;
};

const std::vector<Place>& PlacesOnce() {
  static const std::vector<Place> places = [] {
    std::vector<Place> used;
    for (int place = 0; place < kShiftPlaces; ++place) {
      const int right = place % kShiftSide - kShiftReach;
      const int down = place / kShiftSide - kShiftReach;
      if (IsShiftPlace(right, down)) used.push_back({place, right, down});
    }
    return used;
  }();
  return places;
}

constexpr int kTogether = 4;  // sums of products: one load of R serves all

/// Adds sums of products of a row of R with G displaced.
/// @param red    [count], 0 where there is nothing to multiply
/// @param green  the places' partners of its first pixel
GRAPHIQA_CLONES void AddProducts(const int16_t* __restrict red,
                                 const int16_t* const green[kTogether],
                                 ptrdiff_t count, int64_t* const sums[]) {
  const int16_t* __restrict green0 = green[0];
  const int16_t* __restrict green1 = green[1];
  const int16_t* __restrict green2 = green[2];
  const int16_t* __restrict green3 = green[3];
  int sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;  // at most 8192 * 10000
  for (ptrdiff_t x = 0; x < count; ++x) {
    sum0 += red[x] * green0[x];
    sum1 += red[x] * green1[x];
    sum2 += red[x] * green2[x];
    sum3 += red[x] * green3[x];
  }
  *sums[0] += sum0;
  *sums[1] += sum1;
  *sums[2] += sum2;
  *sums[3] += sum3;
}

/// Adds a row's sums.
/// @param red    residuals of R, 0 where there is nothing to multiply
/// @param green  of G, at the row
void AddRow(const int16_t* red, const int16_t* green, ptrdiff_t stride,
            int64_t* sums) {
  const std::vector<Place>& places = PlacesOnce();
  const int16_t* partners[kTogether];
  int64_t* to[kTogether];
  int64_t nowhere = 0;
  for (size_t first = 0; first < places.size(); first += kTogether) {
    for (size_t i = 0; i < kTogether; ++i) {
      const bool there = first + i < places.size();
      const Place& place = places[there ? first + i : first];
      partners[i] = green + place.down * stride + place.right;
      to[i] = there ? sums + place.place : &nowhere;
    }
    AddProducts(red, partners, stride, to);
  }
}

/// Sum of the squares where the mask has bits.
GRAPHIQA_CLONES int Squares(const int16_t* __restrict values,
                            const int16_t* __restrict mask, ptrdiff_t count) {
  int sum = 0;  // at most 8192 * 10000
  for (ptrdiff_t x = 0; x < count; ++x) {
    sum += values[x] * static_cast<int16_t>(values[x] & mask[x]);
  }
  return sum;
}

}  // namespace

void SumShifts(const PicturePlanes& planes, Scratch* scratch, int64_t* sums) {
  std::fill_n(sums, kShiftSums, 0);
  const ptrdiff_t stride = planes.stride;
  const int end = planes.width - kShiftMargin;
  if (end <= kShiftMargin || ShiftRows(planes.height) == 0) return;
  const auto line = [&] {
    return scratch->Take<int16_t>(static_cast<size_t>(stride));
  };
  int16_t* const inner = line();
  FillMask(1, planes.width - 1, stride, inner);
  int16_t* const used = line();
  FillMask(kShiftMargin, end, stride, used);
  auto* green = scratch->Take<int16_t>(planes.Area());
  for (int y = 1; y < planes.height - 1; ++y) {
    SignedResiduals(planes.Row(kGreen, y), stride, inner, green + y * stride);
  }
  int16_t* const red = line();
  for (int row = 0; row < ShiftRows(planes.height); ++row) {
    const int y = kShiftMargin + row * kShiftRowStep;
    sums[kShiftPlaces] +=
        SignedResiduals(planes.Row(kRed, y), stride, used, red);
    sums[kShiftPlaces + 1] += Squares(green + y * stride, used, stride);
    AddRow(red, green + y * stride, stride, sums);
  }
}

}  // namespace graphiqa
