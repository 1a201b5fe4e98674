// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What PictureStatistics() sums per pixel and makes of the sums, for the CPU
/// and for CUDA kernels. No LibTorch. Y, Cb and Cr count in 1/64 of an 8-bit
/// code, residuals in 1/256.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>

#include "both.h"
#include "picture_columns.h"
#include "picture_copies.h"
#include "picture_flats.h"
#include "picture_pairs.h"
#include "picture_seams.h"
#include "picture_shifts.h"
#include "picture_spectrum.h"
#include "picture_tones.h"

namespace graphiqa {

// Places of the sums.
constexpr int kLumaSums = 0;
constexpr int kColourSums = kLumaSums + kLumaBins;
constexpr int kChromaSums = kColourSums + 3 * kColourBins;
constexpr int kResiduals = kChromaSums + kChromaBins;  // of Y, of Cb, of Cr
constexpr int kStructureSums = kResiduals + 3 * kResidualSums;
constexpr int kClassCounts = kStructureSums + kDirections * kSteps;
constexpr int kCodeCounts = kClassCounts + kToneClasses;  // of R, G, B
constexpr int kPairs = kCodeCounts + 3 * kCodes;          // of RG, RB, GB
constexpr int kSquares = kPairs + 3 * kPairSums;          // of R, G, B
constexpr int kSeamCounts = kSquares + 3;  // of upright, of level ones
constexpr int kCopyCounts = kSeamCounts + kSeamColumns;
constexpr int kShiftCounts = kCopyCounts + kCopySums;
constexpr int kFlatCounts = kShiftCounts + kShiftSums;
constexpr int kPictureSums = kFlatCounts + kFlatColumns;
static_assert(kClassCounts == kSumColumns, "columns and sums, same places");

constexpr int kMostResidual = 25 * 256 + 128;  // 25.5 codes
constexpr int kRootScale = 16;

/// Steps 1, 2, 3, 4, 6, 8 of the structure function, in pixels.
GRAPHIQA_BOTH constexpr int StepOf(int index) {
  return index < 4 ? index + 1 : 2 * index - 2;
}

/// A pixel's colour: 8-bit codes and Y, Cb, Cr in 1/64 of one.
struct PixelCodes {
  int rgb[3];
  int ycc[3];
};

/// Upwards from halves. Of instructions that every machine has for vectors.
GRAPHIQA_BOTH int RoundToInt(float value) {
  const float above = value + 0.5f;
  const int cut = static_cast<int>(above);
  return static_cast<float>(cut) > above ? cut - 1 : cut;
}

/// Colours far from those of pictures are cut off, so that they and differences
/// of two fit in 16 bits.
/// @param least  code; the most is 511 above it
/// @param units  of a code
GRAPHIQA_BOTH int WithinCodes(int value, int least, int units) {
  const int most = (least + 511) * units;
  return value < least * units ? least * units : value > most ? most : value;
}

/// @param r,g,b  in [0,255], or a little off
GRAPHIQA_BOTH PixelCodes CodesOf(float r, float g, float b) {
  constexpr int kLeast = -128;
  constexpr int kLeastChroma = -256;
  const float y = 0.299f * r + 0.587f * g + 0.114f * b;
  const int cb = RoundToInt(64 * 0.564f * (b - y));
  const int cr = RoundToInt(64 * 0.713f * (r - y));
  return {
      {WithinCodes(RoundToInt(r), kLeast, 1),
       WithinCodes(RoundToInt(g), kLeast, 1),
       WithinCodes(RoundToInt(b), kLeast, 1)},
      {WithinCodes(RoundToInt(64 * y), kLeast, 64),
       WithinCodes(cb, kLeastChroma, 64), WithinCodes(cr, kLeastChroma, 64)}};
}

// Edges of bins lie between codes, so that rounding moves no pixel.
GRAPHIQA_BOTH int LumaBin(int y) {
  return Within((y + 32) >> 9, kLumaBins - 1);
}

GRAPHIQA_BOTH int ColourBin(int code) {
  return Within(code >> 4, kColourBins - 1);
}

GRAPHIQA_BOTH int ChromaBin(int cb, int cr) {
  const float distance = sqrtf(static_cast<float>(cb * cb + cr * cr));
  return Within(static_cast<int>(distance * (1.0f / 512)), kChromaBins - 1);
}

/// @param neighbours  sum of the luma of four pixels
GRAPHIQA_BOTH int ToneClass(int neighbours) {
  return Within(neighbours >> 13, kToneClasses - 1);
}

/// @param neighbours  sum of the plane's values at the four pixels around
GRAPHIQA_BOTH int ResidualOf(int value, int neighbours) {
  const int residual = 4 * value - neighbours;
  const int size = residual < 0 ? -residual : residual;
  return size > kMostResidual ? kMostResidual : size;
}

/// Rounded.
GRAPHIQA_BOTH int RootOf(int residual) {
  return static_cast<int>(kRootScale * sqrtf(static_cast<float>(residual)) +
                          0.5f);
}

/// Displacement of direction 0 … 3 by `step` pixels: right, down, down right,
/// down left.
GRAPHIQA_BOTH int StepRight(int direction, int step) {
  return direction == 1 ? 0 : direction == 3 ? -step : step;
}
GRAPHIQA_BOTH int StepDown(int direction, int step) {
  return direction == 0 ? 0 : step;
}

/// sqrt(sum / (count * scale)); 0 of nothing.
GRAPHIQA_BOTH float RootMean(int64_t sum, int64_t count, double scale) {
  if (count == 0) return 0;
  return static_cast<float>(
      sqrt(static_cast<double>(sum) / (static_cast<double>(count) * scale)));
}

/// Of tones and pairs.
/// @param column  0 … kSpectrumFrom - kSumColumns - 1
GRAPHIQA_BOTH float DerivedStatistic(int column, const int64_t* sums, int width,
                                     int height) {
  if (column < 3 * kToneColumns) {
    return ToneStatistic(column % kToneColumns,
                         sums + kCodeCounts + column / kToneColumns * kCodes,
                         static_cast<int64_t>(width) * height);
  }
  column -= 3 * kToneColumns;
  const int pair = column / kPairColumns;
  return PairStatistic(column % kPairColumns, sums + kPairs + pair * kPairSums,
                       sums[kSquares + FirstOf(pair)],
                       sums[kSquares + SecondOf(pair)],
                       static_cast<int64_t>(width - 2) * (height - 2));
}

/// One column of PictureStatistics().
/// @param column    0 … kPictureStatistics - 1
/// @param sums      [kPictureSums], those of copies in ascending order
/// @param spectrum  [kSpectrumColumns], summed over the windows
GRAPHIQA_BOTH float StatisticOf(int column, const int64_t* sums,
                                const double* spectrum, int width, int height) {
  if (column >= kFlatsFrom) {
    return FlatStatistic(sums[kFlatCounts + column - kFlatsFrom], width,
                         height);
  }
  if (column >= kShiftsFrom) {
    return ShiftStatistic(column - kShiftsFrom, sums + kShiftCounts, width,
                          height);
  }
  if (column >= kCopiesFrom) {
    return CopyStatistic(column - kCopiesFrom, sums + kCopyCounts, width,
                         height);
  }
  if (column >= kSeamsFrom) {
    return SeamStatistic(sums[kSeamCounts + column - kSeamsFrom],
                         column - kSeamsFrom < kSeamLevels
                             ? SeamPlaces(width, height)
                             : SeamPlaces(height, width));
  }
  if (column >= kSpectrumFrom) {
    return SpectrumStatistic(column - kSpectrumFrom,
                             spectrum[column - kSpectrumFrom],
                             SpectrumWindows(width) * SpectrumWindows(height));
  }
  if (column >= kSumColumns) {
    return DerivedStatistic(column - kSumColumns, sums, width, height);
  }
  const int64_t sum = sums[column];
  if (column < kResiduals) {
    return RootMean(sum, static_cast<int64_t>(width) * height, 1);
  }
  if (column < kStructureSums) {
    const int kind = (column - kResiduals) % kResidualSums;
    const int64_t inner = static_cast<int64_t>(width - 2) * (height - 2);
    if (kind < kToneClasses) {
      return RootMean(sum, sums[kClassCounts + kind], 256);
    }
    // Square roots in 1/16 of 1/16 code, squares in 1/256^2.
    return kind == kToneClasses ? RootMean(sum, inner, kRootScale * 16)
                                : RootMean(sum, inner, 256.0 * 256.0);
  }
  const int direction = (column - kStructureSums) / kSteps;
  const int step = StepOf((column - kStructureSums) % kSteps);
  const int right = StepRight(direction, step);
  const int across = width - (right < 0 ? -right : right);
  const int down = height - StepDown(direction, step);
  return RootMean(sum, static_cast<int64_t>(across) * down, 64);
}

}  // namespace graphiqa
