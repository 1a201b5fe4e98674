// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace graphiqa {

// Columns of PictureStatistics(), in this order.
constexpr int kLumaBins = 32;
constexpr int kColourBins = 16;  // of R, of G, of B
constexpr int kChromaBins = 16;
constexpr int kToneClasses = 8;
constexpr int kResidualSums = kToneClasses + 2;  // of Y, of Cb, of Cr
constexpr int kSteps = 6;                        // of each of the directions
constexpr int kDirections = 4;
constexpr int kToneRanges = 8;  // of 32 codes each
constexpr int kTonePlaces = 4;  // quantiles
constexpr int kToneColumns = 2 * kToneRanges + 2 + kTonePlaces;  // of R, G, B
constexpr int kPairClasses = 3;
constexpr int kPairColumns = kPairClasses + 1;  // of RG, of RB, of GB
constexpr int kSpectrumBins = 36;
constexpr int kSpectrumColumns = 2 * kSpectrumBins;
constexpr int kSeamLevels = 6;  // of upright, of level ones
constexpr int kSeamColumns = 2 * kSeamLevels;
constexpr int kCopyColumns = 4;
constexpr int kShiftColumns = 8;
constexpr int kFlatColumns = 2;

/// Those with a sum of their own at the same place.
constexpr int kSumColumns = kLumaBins + 3 * kColourBins + kChromaBins +
                            3 * kResidualSums + kDirections * kSteps;
constexpr int kSpectrumFrom = kSumColumns + 3 * kToneColumns + 3 * kPairColumns;
constexpr int kSeamsFrom = kSpectrumFrom + kSpectrumColumns;
constexpr int kCopiesFrom = kSeamsFrom + kSeamColumns;
constexpr int kShiftsFrom = kCopiesFrom + kCopyColumns;
constexpr int kFlatsFrom = kShiftsFrom + kShiftColumns;
constexpr int kPictureStatistics = kFlatsFrom + kFlatColumns;

}  // namespace graphiqa
