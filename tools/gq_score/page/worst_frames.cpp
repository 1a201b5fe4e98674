// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "page/worst_frames.h"

#include <algorithm>
#include <cmath>

#include "page/moment.h"

namespace graphiqa {
namespace {

constexpr double kLeastGap = 0.5;
constexpr double kGapShare = 1.0 / 60;

bool Lower(const WorstFrame& a, const WorstFrame& b) {
  return a.row.score < b.row.score;
}

}  // namespace

void WorstFrames::Add(const FrameRow& row, double time_s,
                      const ThumbnailMaker& thumbnail) {
  if (PictureIndex(row.picture) != 0) return;
  const double gap = std::max(kLeastGap, kGapShare * time_s);
  const auto near = [&](const WorstFrame& frame) {
    return std::abs(frame.time_s - time_s) < gap;
  };
  for (const WorstFrame& frame : frames_) {
    if (near(frame) && frame.row.score <= row.score) return;
  }
  frames_.erase(std::remove_if(frames_.begin(), frames_.end(), near),
                frames_.end());
  if (frames_.size() == most_) {
    const auto best = std::max_element(frames_.begin(), frames_.end(), Lower);
    if (best->row.score <= row.score) return;
    frames_.erase(best);
  }
  frames_.push_back({row, time_s, thumbnail()});
}

std::vector<WorstFrame> WorstFrames::ByScore() const {
  std::vector<WorstFrame> sorted = frames_;
  std::stable_sort(sorted.begin(), sorted.end(), Lower);
  return sorted;
}

}  // namespace graphiqa
