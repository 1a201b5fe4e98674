// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace graphiqa {

/// The times that a chart shows, seconds; charts above one another share it.
class TimeAxis {
 public:
  /// @param high  a span that is empty is widened to a second
  TimeAxis(double low, double high);

  double low() const { return low_; }
  double high() const { return high_; }

  /// Place of a time, from 0 (left end) to 1 (right end).
  double Place(double seconds) const;

  /// Times at round distances: 1, 2, 5, 10, 15, 30 s or min, 1, 2, 6, 12 h, …
  /// and 0.1, 0.2, 0.5 s. At least one, at most `most`.
  std::vector<double> Ticks(size_t most) const;

  /// A time as this axis writes it: with a decimal where its ticks need one.
  std::string Label(double seconds) const;

  /// The axis as HTML, one `gq-track` like the charts that stand on it.
  std::string Draw() const;

 private:
  double Step(size_t most) const;

  double low_;
  double high_;
};

}  // namespace graphiqa
