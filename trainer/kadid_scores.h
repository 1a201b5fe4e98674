// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What people said about each distortion at each level: the mean opinion
/// scores of KADID-10k (Lin, Hosu & Saupe, QoMEX 2019), averaged over its 81
/// reference pictures. The labels of pictures distorted on the fly.
#pragma once

#include "error.h"

namespace graphiqa {

/// KADID's scale (its column `dmos`): 1 = very annoying, 5 = imperceptible.
inline constexpr double kKadidWorst = 1.0;

/// The mean over the levels that change nothing (1/1, 3/1, 8/1 and 18/3): what
/// an undistorted picture is given.
inline constexpr double kKadidClean = 4.6;

/// @param type   1-25; 0 = undistorted
/// @param level  1-5
/// @returns a mean opinion score in [1, 5]
double KadidMeanScore(int type, int level);

/// The score of a distorted picture relative to its original's.
/// @returns 0 (worst) to 1 (undistorted)
double KadidRatio(int type, int level);

/// Whether a level is the identity, up to rounding, by its definition.
bool IsIdentity(int type, int level);

}  // namespace graphiqa
