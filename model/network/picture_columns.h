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

constexpr int kPictureStatistics = kLumaBins + 3 * kColourBins + kChromaBins +
                                   3 * kResidualSums + kDirections * kSteps;

}  // namespace graphiqa
