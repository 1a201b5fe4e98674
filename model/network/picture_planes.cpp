// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "picture_planes.h"

#include <algorithm>

#include "clones.h"
#include "picture_sums.h"

namespace graphiqa {
namespace {

/// A row's codes, channel by channel.
struct RowOfCodes {
  const float* red;
  const float* green;
  const float* blue;
};

/// @param kStep  from one pixel to the next
template <int kStep>
GRAPHIQA_INLINE void ToCodes(const RowOfCodes& from, int count,
                             const ColourScale& scale, int16_t* __restrict y,
                             int16_t* __restrict cb, int16_t* __restrict cr,
                             int16_t* __restrict red, int16_t* __restrict green,
                             int16_t* __restrict blue) {
  const float std_r = scale.std[0], mean_r = scale.mean[0];
  const float std_g = scale.std[1], mean_g = scale.mean[1];
  const float std_b = scale.std[2], mean_b = scale.mean[2];
  for (int i = 0; i < count; ++i) {
    const PixelCodes codes =
        CodesOf(255 * (from.red[kStep * i] * std_r + mean_r),
                255 * (from.green[kStep * i] * std_g + mean_g),
                255 * (from.blue[kStep * i] * std_b + mean_b));
    y[i] = static_cast<int16_t>(codes.ycc[0]);
    cb[i] = static_cast<int16_t>(codes.ycc[1]);
    cr[i] = static_cast<int16_t>(codes.ycc[2]);
    red[i] = static_cast<int16_t>(codes.rgb[0]);
    green[i] = static_cast<int16_t>(codes.rgb[1]);
    blue[i] = static_cast<int16_t>(codes.rgb[2]);
  }
}

GRAPHIQA_CLONES void MixedToCodes(const RowOfCodes& from, int count,
                                  const ColourScale& scale, int16_t* y,
                                  int16_t* cb, int16_t* cr, int16_t* red,
                                  int16_t* green, int16_t* blue) {
  ToCodes<3>(from, count, scale, y, cb, cr, red, green, blue);
}

GRAPHIQA_CLONES void PlanesToCodes(const RowOfCodes& from, int count,
                                   const ColourScale& scale, int16_t* y,
                                   int16_t* cb, int16_t* cr, int16_t* red,
                                   int16_t* green, int16_t* blue) {
  ToCodes<1>(from, count, scale, y, cb, cr, red, green, blue);
}

GRAPHIQA_CLONES void Pack(const int16_t* __restrict red,
                          const int16_t* __restrict green,
                          const int16_t* __restrict blue, ptrdiff_t count,
                          uint32_t* __restrict colours) {
  for (ptrdiff_t x = 0; x < count; ++x) {
    colours[x] = PackedColour(red[x], green[x], blue[x]);
  }
}

}  // namespace

void ReadPicture(const PixelView& pixels, const ColourScale& scale,
                 PicturePlanes* planes) {
  const int width = planes->width;
  const auto convert = pixels.pixel == 1 ? PlanesToCodes : MixedToCodes;
  for (int y = 0; y < planes->height; ++y) {
    const float* row = pixels.values + y * pixels.pixel * width;
    std::array<int16_t*, kPlanes> to{};
    for (size_t k = 0; k < kPlanes; ++k) {
      to[k] = planes->Row(static_cast<Plane>(k), y);
      std::fill(to[k] + width, to[k] + planes->stride, int16_t{0});
    }
    convert({row, row + pixels.channel, row + 2 * pixels.channel}, width, scale,
            to[kY], to[kCb], to[kCr], to[kRed], to[kGreen], to[kBlue]);
  }
}

void PackColours(const PicturePlanes& planes, int y, uint32_t* colours) {
  Pack(planes.Row(kRed, y), planes.Row(kGreen, y), planes.Row(kBlue, y),
       planes.stride, colours);
}

}  // namespace graphiqa
