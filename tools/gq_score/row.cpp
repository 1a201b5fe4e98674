// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "row.h"

#include <algorithm>

namespace graphiqa {
namespace {

constexpr double kLowShare = 0.05;

}  // namespace

void SummaryBuilder::Add(const FrameRow& row) {
  scores_.Add(row.score);
  uncertainty_ += row.uncertainty;
  if (row.distortion) {
    TypeCount& type = types_[*row.distortion];
    ++type.frames;
    type.confidence += row.confidence.value_or(0);
  }
  if (row.level) {
    level_ += *row.level;
    ++levels_;
  }
}

FileSummary SummaryBuilder::Build(std::optional<double> duration_s) const {
  FileSummary summary;
  summary.frames = scores_.count();
  summary.duration_s = duration_s;
  summary.score_mean = scores_.mean();
  summary.score_p5 = scores_.Quantile(kLowShare);
  summary.score_min = scores_.lowest();
  summary.uncertainty_mean =
      uncertainty_ / static_cast<double>(scores_.count());
  const auto most = std::max_element(types_.begin(), types_.end(),
                                     [](const auto& a, const auto& b) {
                                       return a.second.frames < b.second.frames;
                                     });
  if (most != types_.end()) {
    summary.distortion = most->first;
    summary.confidence =
        most->second.confidence / static_cast<double>(most->second.frames);
  }
  if (levels_ > 0) summary.level = level_ / static_cast<double>(levels_);
  return summary;
}

}  // namespace graphiqa
