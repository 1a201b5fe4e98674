// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What a distortion takes off the score: a MOS head that learnt from ratings
/// of photographs hardly minds changed colours and tones, people do.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace graphiqa {

struct DropOptions {
  double sure = 0.5;     ///< probability of the type from which on it counts
  double floor = 10;     ///< score of the worst distortion, 0-100
  double natural = 0.1;  ///< how much rated pictures hold drops down
};

/// What a model said of a picture before drops.
struct SaidPicture {
  int type = 0;        ///< what was done: KADID number, 0 = nothing
  int level = 0;       ///< 1-5, 0 = undistorted
  bool rated = false;  ///< a rated photograph: nothing was done that is known
  double score = 0;    ///< 0-100
  int said = 0;        ///< row of the type head
  double confidence = 0;
  double said_level = 0;
};

/// By row of the type head, of levels 1 to 5.
using Drops = std::vector<std::array<double, 5>>;

/// Drops, none below 0, that bring the mean scores of types and levels as close
/// as they can to the way from the undistorted pictures' mean down to the
/// floor, as far as KADID-10k's mean opinions say.
/// @param pictures  undistorted ones among them
/// @param rows      of the type head; the last is that of undistorted pictures,
///   which takes nothing off
Drops FitDrops(const std::vector<SaidPicture>& pictures, size_t rows,
               const DropOptions& options);

/// The score with a drop, as the engine takes it.
double DroppedScore(const SaidPicture& picture, const Drops& drops,
                    double sure);

}  // namespace graphiqa
