// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "histogram.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace graphiqa {

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}

void Histogram::Add(double value, uint64_t times) {
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value);
  counts_[static_cast<size_t>(bucket - bounds_.begin())] += times;
  sum_ += value * static_cast<double>(times);
}

Histogram LatencyHistogram() {
  return Histogram({0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10});
}

Histogram BatchHistogram(const std::vector<uint64_t>& by_size, uint64_t views) {
  std::vector<double> bounds;
  for (size_t i = 0; i + 1 < by_size.size(); ++i) {
    bounds.push_back(std::exp2(i));
  }
  Histogram histogram(bounds);
  for (size_t i = 0; i < by_size.size(); ++i) {
    histogram.Add(std::exp2(i), by_size[i]);
  }
  histogram.set_sum(static_cast<double>(views));
  return histogram;
}

}  // namespace graphiqa
