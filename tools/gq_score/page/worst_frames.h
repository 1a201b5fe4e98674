// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "row.h"

namespace graphiqa {

struct WorstFrame {
  FrameRow row;
  double time_s = 0;
  Thumbnail picture;
};

/// Keeps the frames with the lowest scores and their thumbnails, at least
/// half a second apart (a sixtieth of the time so far, where that is more), so
/// that they show different moments. Pictures that are black, flat or frozen do
/// not count: their scores say nothing.
class WorstFrames {
 public:
  explicit WorstFrames(size_t most) : most_(most) {}

  void Add(const FrameRow& row, double time_s, const ThumbnailMaker& thumbnail);

  /// The worst one first.
  std::vector<WorstFrame> ByScore() const;

 private:
  const size_t most_;
  std::vector<WorstFrame> frames_;
};

}  // namespace graphiqa
