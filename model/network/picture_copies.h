// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Pixels whose surroundings are found again a few pixels further, code by
/// code, of PictureStatistics(): patches copied within a picture. For the CPU
/// and for CUDA kernels.
#pragma once

#include <cmath>
#include <cstdint>

#include "both.h"
#include "picture_columns.h"

namespace graphiqa {

class Scratch;
struct PicturePlanes;

constexpr int kCopyReach = 8;               // the longest shift, each way
constexpr int kCopyShifts = 138;            // see IsCopyShift()
constexpr int kCopySums = kCopyShifts + 1;  // by shift; textured pixels
constexpr int kCopyTexture =
    9 * 64;                        // a pixel's distance from its 3x3, times 9
constexpr int kFewTextured = 256;  // pixels
constexpr uint32_t kNoCopy = 0;    // no pixel's hash

/// Of right -8 … 8 and down 0 … 8 those of three pixels or more, each line
/// through 0 once.
GRAPHIQA_BOTH constexpr bool IsCopyShift(int right, int down) {
  return (down > 0 || right > 0) && (right < 0 ? -right : right) + down >= 3;
}

GRAPHIQA_BOTH uint32_t PackedByte(int code) {
  return static_cast<uint32_t>(Within(code, 255));
}
GRAPHIQA_BOTH uint32_t PackedColour(int red, int green, int blue) {
  return PackedByte(red) | PackedByte(green) << 8 | PackedByte(blue) << 16;
}

/// A hash of a pixel's surroundings: 9 steps of multiplication and shift. Two
/// that differ have the same one once in 2^32.
/// @param above,row,below  packed colours, at the pixel itself
GRAPHIQA_BOTH uint32_t CopyHash(const uint32_t* above, const uint32_t* row,
                                const uint32_t* below) {
  uint32_t hash = 0x9e3779b9u;
  const uint32_t codes[9] = {above[-1], above[0],  above[1], row[-1], row[0],
                             row[1],    below[-1], below[0], below[1]};
  for (const uint32_t code : codes) {
    hash = (hash ^ code) * 0x85ebca6bu;
    hash ^= hash >> 15;
  }
  return hash == kNoCopy ? 1 : hash;
}

/// @param luma  the pixel's; `sum` is that of the nine pixels
GRAPHIQA_BOTH bool IsTextured(int luma, int sum) {
  const int distance = 9 * luma - sum;
  return distance > kCopyTexture || distance < -kCopyTexture;
}

/// One column: square roots of the mean, the largest and the median share of
/// pixels over the shifts, and of the mean's share of textured pixels.
/// @param counts  [kCopySums], the shifts' in ascending order
GRAPHIQA_BOTH float CopyStatistic(int column, const int64_t* counts, int width,
                                  int height) {
  int64_t pixels = static_cast<int64_t>(width - 2) * (height - 2);
  double count = static_cast<double>(counts[kCopyShifts - 1]);
  if (column == 0 || column == 3) {
    int64_t all = 0;
    for (int i = 0; i < kCopyShifts; ++i) all += counts[i];
    count = static_cast<double>(all) / kCopyShifts;
  } else if (column == 2) {
    constexpr int kMiddle = kCopyShifts / 2;
    count = static_cast<double>(counts[kMiddle - 1] + counts[kMiddle]) / 2;
  }
  // Where next to nothing is textured, a few pixels say nothing.
  if (column == 3) pixels = counts[kCopyShifts] + kFewTextured;
  return static_cast<float>(sqrt(count / static_cast<double>(pixels)));
}

/// On the CPU.
/// @param counts   [kCopySums], textured pixels found again, by shift, and all
///   textured pixels; written
void SumCopies(const PicturePlanes& planes, Scratch* scratch, int64_t* counts);

}  // namespace graphiqa
