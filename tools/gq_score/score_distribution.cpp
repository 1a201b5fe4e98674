// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "score_distribution.h"

#include <algorithm>
#include <cmath>

namespace graphiqa {
namespace {

constexpr size_t kMostExact = 1000000;
constexpr double kBin = 0.001;
constexpr double kHighest = 100;

}  // namespace

void ScoreDistribution::Add(double score) {
  lowest_ = count_ == 0 ? score : std::min(lowest_, score);
  sum_ += score;
  ++count_;
  if (!counts_.empty()) return Count(score);
  scores_.push_back(score);
  if (scores_.size() < kMostExact) return;
  counts_.resize(static_cast<size_t>(kHighest / kBin) + 1);
  for (const double each : scores_) Count(each);
  std::vector<double>().swap(scores_);
}

void ScoreDistribution::Count(double score) {
  const double inside = std::clamp(score, 0.0, kHighest);
  ++counts_[static_cast<size_t>(std::lround(inside / kBin))];
}

double ScoreDistribution::CountedAt(uint64_t rank) const {
  size_t bin = 0;
  for (uint64_t below = counts_[0]; below <= rank; below += counts_[bin]) ++bin;
  return static_cast<double>(bin) * kBin;
}

double ScoreDistribution::Quantile(double share) const {
  const double place = share * static_cast<double>(count_ - 1);
  const auto below = static_cast<uint64_t>(std::floor(place));
  const uint64_t above = std::min(below + 1, count_ - 1);
  const double part = place - static_cast<double>(below);
  if (!counts_.empty()) {
    return CountedAt(below) * (1 - part) + CountedAt(above) * part;
  }
  std::vector<double> sorted = scores_;
  std::sort(sorted.begin(), sorted.end());
  return sorted[below] * (1 - part) + sorted[above] * part;
}

}  // namespace graphiqa
