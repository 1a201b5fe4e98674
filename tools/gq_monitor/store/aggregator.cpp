// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "aggregator.h"

#include <algorithm>

namespace graphiqa {
namespace {

std::string MostFrequent(const std::map<std::string, int>& counts) {
  const auto most = std::max_element(
      counts.begin(), counts.end(),
      [](const auto& a, const auto& b) { return a.second < b.second; });
  return most != counts.end() ? most->first : "";
}

}  // namespace

std::optional<CurvePoint> Aggregator::Advance(int64_t unix_second) {
  const int64_t start = unix_second / step_ * step_;
  if (start <= start_) return std::nullopt;
  std::optional<CurvePoint> point;
  if (start_ >= 0) point = Point();
  start_ = start;
  Clear();
  return point;
}

void Aggregator::Add(const Sample& sample) {
  if (!sample.score) return;
  const double score = *sample.score;
  low_ = scores_ > 0 ? std::min(low_, score) : score;
  high_ = scores_ > 0 ? std::max(high_, score) : score;
  ++scores_;
  sum_ += score;
  uncertainty_ += sample.uncertainty.value_or(0);
  if (sample.level) {
    ++levels_;
    level_ += *sample.level;
  }
  if (sample.distortion) ++distortions_[ClearDistortion(sample).value_or("")];
}

void Aggregator::NotePicture(const std::string& picture) {
  if (!picture.empty()) ++pictures_[picture];
}

CurvePoint Aggregator::Point() const {
  CurvePoint point;
  point.time = start_;
  point.samples = scores_;
  if (scores_ > 0) {
    const auto count = static_cast<double>(scores_);
    point.mean = sum_ / count;
    point.low = low_;
    point.high = high_;
    point.uncertainty = uncertainty_ / count;
  }
  if (levels_ > 0) point.level = level_ / static_cast<double>(levels_);
  const std::string distortion = MostFrequent(distortions_);
  if (!distortion.empty()) point.distortion = distortion;
  point.picture = MostFrequent(pictures_);
  return point;
}

void Aggregator::Clear() {
  scores_ = levels_ = 0;
  sum_ = low_ = high_ = uncertainty_ = level_ = 0;
  distortions_.clear();
  pictures_.clear();
}

}  // namespace graphiqa
