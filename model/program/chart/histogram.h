// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace graphiqa {

/// How often each value came: counts of bins of equal width from `low` to
/// `high`.
struct Histogram {
  double low = 0;
  double high = 100;
  std::vector<uint64_t> counts = std::vector<uint64_t>(50);

  /// Values outside count for the bin at that end.
  void Add(double value);
  uint64_t total() const;
};

/// A value that is marked with a line and a word.
struct HistogramMark {
  double value = 0;
  std::string label;
  bool left = false;  ///< the word stands left of the line
};

/// The histogram as HTML with inline SVG. Texts are escaped here.
/// @param id     unique on the page, [a-z0-9-]
/// @param title  for screen readers
std::string DrawHistogram(const std::string& id, const std::string& title,
                          const Histogram& histogram,
                          const std::vector<HistogramMark>& marks);

}  // namespace graphiqa
