// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace graphiqa {

/// Counts values by size, as a histogram of Prometheus does.
class Histogram {
 public:
  /// @param bounds  upper ends of the buckets, ascending, each inclusive; one
  ///   more bucket takes what is larger than all of them
  explicit Histogram(std::vector<double> bounds);

  void Add(double value) { Add(value, 1); }
  void Add(double value, uint64_t times);
  /// Where the values themselves are not known, but their sum is.
  void set_sum(double sum) { sum_ = sum; }

  const std::vector<double>& bounds() const { return bounds_; }
  /// One more than bounds; not cumulative.
  const std::vector<uint64_t>& counts() const { return counts_; }
  double sum() const { return sum_; }

 private:
  std::vector<double> bounds_;
  std::vector<uint64_t> counts_;
  double sum_ = 0;
};

/// Seconds from a frame's arrival to its result: 5 ms to 10 s.
Histogram LatencyHistogram();

/// Views in a pass of the engine. @param by_size  how many passes had up to 1,
/// 2, 4, … views, and at its end more; empty where nothing is known
/// @param views  in all of them
Histogram BatchHistogram(const std::vector<uint64_t>& by_size, uint64_t views);

}  // namespace graphiqa
