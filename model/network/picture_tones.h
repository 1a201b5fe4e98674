// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What PictureStatistics() makes of a channel's histogram of 8-bit codes. A
/// curve applied to 8-bit codes leaves codes that nothing maps to and codes
/// that two map to: gaps and peaks that natural histograms do not have (Stamm &
/// Liu, "Forensic detection of image manipulation using statistical intrinsic
/// fingerprints", IEEE TIFS 2010). For the CPU and for CUDA kernels.
#pragma once

#include <cmath>
#include <cstdint>

#include "both.h"
#include "picture_columns.h"

namespace graphiqa {

constexpr int kCodes = 256;
constexpr int kCodesOfRange = kCodes / kToneRanges;
constexpr int kLeastPixels = 32;  // of a range whose shape says something

/// Square root of the mean distance of a count from that of its neighbours, of
/// the range's mean count; at most 2.
/// @param counts  [kCodes]
/// @param range   0 … kToneRanges - 1
GRAPHIQA_BOTH float ToneRoughness(const int64_t* counts, int range) {
  int64_t pixels = 0;
  int64_t bends = 0;
  for (int i = 0; i < kCodesOfRange; ++i) {
    const int code = range * kCodesOfRange + i;
    pixels += counts[code];
    if (code == 0 || code == kCodes - 1) continue;
    const int64_t bend = 2 * counts[code] - counts[code - 1] - counts[code + 1];
    bends += bend < 0 ? -bend : bend;
  }
  if (pixels < kLeastPixels) return 0;
  const double rough = static_cast<double>(bends) / static_cast<double>(pixels);
  return static_cast<float>(sqrt(rough < 8 ? rough / 2 : 4));
}

/// Share of a range's codes that no pixel has beside codes that many have: in
/// the mean of the two more than 1/1000 of all pixels.
GRAPHIQA_BOTH float ToneGaps(const int64_t* counts, int range, int64_t area) {
  int gaps = 0;
  for (int i = 0; i < kCodesOfRange; ++i) {
    const int code = range * kCodesOfRange + i;
    if (code == 0 || code == kCodes - 1 || counts[code] != 0) continue;
    const int64_t beside = counts[code - 1] + counts[code + 1];
    gaps += beside * 500 > area ? 1 : 0;
  }
  return static_cast<float>(gaps) / kCodesOfRange;
}

/// The code that `permille` of the pixels reach or stay below, of 255.
GRAPHIQA_BOTH float TonePlace(const int64_t* counts, int permille,
                              int64_t area) {
  int64_t below = 0;
  int code = 0;
  for (; code < kCodes - 1; ++code) {
    below += counts[code];
    if (below * 1000 >= area * permille) break;
  }
  return static_cast<float>(code) / (kCodes - 1);
}

/// One of a channel's columns: roughness of each range, gaps of each, square
/// roots of the shares of code 0 and of 255, quantiles 1, 999, 10 and 990 of
/// 1000.
GRAPHIQA_BOTH float ToneStatistic(int column, const int64_t* counts,
                                  int64_t area) {
  if (column < kToneRanges) return ToneRoughness(counts, column);
  column -= kToneRanges;
  if (column < kToneRanges) return ToneGaps(counts, column, area);
  column -= kToneRanges;
  if (column < 2) {
    const auto count = static_cast<double>(counts[column * (kCodes - 1)]);
    return static_cast<float>(sqrt(count / static_cast<double>(area)));
  }
  const int edge = column < 4 ? 1 : 10;
  return TonePlace(counts, column % 2 == 0 ? edge : 1000 - edge, area);
}

}  // namespace graphiqa
