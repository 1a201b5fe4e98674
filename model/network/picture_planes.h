// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// A picture as PictureStatistics() sums it on the CPU, and the sums that have
/// no header of their own. All sums take a picture, memory that they may use,
/// and the place of the picture's sums (picture_sums.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "colour_scale.h"
#include "scratch.h"

namespace graphiqa {

/// Values that loops take at once: bytes of the widest vector register.
constexpr int kPlaneLanes = 64;

enum Plane { kY, kCb, kCr, kRed, kGreen, kBlue, kPlanes };

/// Y, Cb and Cr in 1/64 of an 8-bit code; R, G and B in codes. Rows are
/// `stride` values apart, a multiple of kPlaneLanes; after `width` they are 0.
/// So loops go over whole registers, and masks take away what lies beyond.
struct PicturePlanes {
  int width, height;
  ptrdiff_t stride;
  std::array<int16_t*, kPlanes> values;

  /// Of values that are not set.
  PicturePlanes(int picture_width, int picture_height, Scratch* scratch)
      : width(picture_width),
        height(picture_height),
        stride((picture_width + kPlaneLanes - 1) / kPlaneLanes * kPlaneLanes) {
    for (int16_t*& plane : values) plane = scratch->Take<int16_t>(Area());
  }
  const int16_t* Row(Plane plane, int y) const {
    return values[plane] + y * stride;
  }
  int16_t* Row(Plane plane, int y) { return values[plane] + y * stride; }
  /// Of a plane with what lies beyond the rows.
  size_t Area() const {
    return static_cast<size_t>(stride) * static_cast<size_t>(height);
  }
};

/// A normalised picture of floats.
struct PixelView {
  const float* values;
  ptrdiff_t pixel;    // from one of a row to the next: 3 or 1
  ptrdiff_t channel;  // from red to green: 1 or any
};

void ReadPicture(const PixelView& pixels, const ColourScale& scale,
                 PicturePlanes* planes);

/// All bits set at the places first … end - 1 of a row, none elsewhere.
/// @param mask  [stride]
inline void FillMask(int first, int end, ptrdiff_t stride, int16_t* mask) {
  for (ptrdiff_t x = 0; x < stride; ++x)
    mask[x] = x >= first && x < end ? -1 : 0;
}

/// A row's colours, see PackedColour(); 0 beyond it.
/// @param colours  [stride]
void PackColours(const PicturePlanes& planes, int y, uint32_t* colours);

/// Histograms.
void SumBins(const PicturePlanes& planes, Scratch* scratch, int64_t* sums);
/// Residuals of Y, Cb and Cr by the tone around.
void SumResiduals(const PicturePlanes& planes, Scratch* scratch, int64_t* sums);
void SumStructure(const PicturePlanes& planes, Scratch* scratch, int64_t* sums);
/// A row's residuals of R, G or B, 0 where the mask has no bits.
/// @param row  with one before it and one after it
/// @returns sum of their squares
int SignedResiduals(const int16_t* row, ptrdiff_t stride, const int16_t* mask,
                    int16_t* residuals);
/// Residuals of two of R, G and B.
void SumPairs(const PicturePlanes& planes, Scratch* scratch, int64_t* sums);

}  // namespace graphiqa
