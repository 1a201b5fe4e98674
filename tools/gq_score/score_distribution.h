// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace graphiqa {

/// Mean, smallest and quantiles of scores of any number in bounded memory:
/// exact for the first million (11 hours at 25 frames per second), from then
/// on quantiles are exact to 0.001.
class ScoreDistribution {
 public:
  void Add(double score);
  uint64_t count() const { return count_; }

  /// @pre count() > 0, of these too
  double mean() const { return sum_ / static_cast<double>(count_); }
  double lowest() const { return lowest_; }

  /// Between neighbours linearly.
  /// @param share  [0, 1]; 0.05 = what one score in twenty falls below
  double Quantile(double share) const;

 private:
  void Count(double score);
  double CountedAt(uint64_t rank) const;

  uint64_t count_ = 0;
  double sum_ = 0;
  double lowest_ = 0;
  std::vector<double> scores_;    ///< all of them, or none once counted
  std::vector<uint32_t> counts_;  ///< by bins of kBin; empty = not yet needed
};

}  // namespace graphiqa
