// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "page/moment.h"

namespace graphiqa {

/// A stretch of a video in which every picture is black, flat or frozen.
struct StateRun {
  size_t state = 0;  ///< as PictureName() counts
  double from_s = 0;
  double to_s = 0;  ///< of the first picture behind it, or the end
  uint64_t frames = 0;
};

/// Finds these stretches; keeps the longest ones and the sums of all.
class StateRuns {
 public:
  void Add(size_t state, double time_s);
  void Finish(double end_s) { Close(end_s); }

  /// In order of time.
  const std::vector<StateRun>& runs() const { return runs_; }
  /// How many more there were.
  uint64_t dropped() const { return dropped_; }
  /// Time and frames of all runs of a state.
  double seconds(size_t state) const { return seconds_[state]; }
  uint64_t frames(size_t state) const { return frames_[state]; }

 private:
  void Close(double time_s);

  StateRun open_;
  std::vector<StateRun> runs_;
  uint64_t dropped_ = 0;
  std::array<double, kPictureStates> seconds_{};
  std::array<uint64_t, kPictureStates> frames_{};
};

}  // namespace graphiqa
