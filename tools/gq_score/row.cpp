// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "row.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace graphiqa {
namespace {

constexpr double kLowShare = 0.05;

/// @param sorted  ascending, not empty
double Quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(std::floor(place));
  const size_t above = std::min(below + 1, sorted.size() - 1);
  const double part = place - static_cast<double>(below);
  return sorted[below] * (1 - part) + sorted[above] * part;
}

}  // namespace

void SummaryBuilder::Add(const FrameRow& row) {
  scores_.push_back(row.score);
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
  std::vector<double> sorted = scores_;
  std::sort(sorted.begin(), sorted.end());
  const auto count = static_cast<double>(sorted.size());
  FileSummary summary;
  summary.frames = sorted.size();
  summary.duration_s = duration_s;
  summary.score_mean =
      std::accumulate(sorted.begin(), sorted.end(), 0.0) / count;
  summary.score_p5 = Quantile(sorted, kLowShare);
  summary.score_min = sorted.front();
  summary.uncertainty_mean = uncertainty_ / count;
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
