// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "metrics/histogram.h"

namespace graphiqa {

using Labels = std::vector<std::pair<std::string, std::string>>;

/// Writes metrics for Prometheus: its text format 0.0.4, or OpenMetrics 1.0.
///
///     text.Family("graphiqa_channel_score", "gauge", "Score, 0 to 100.");
///     text.Value({{"channel", "a"}}, 73.5);
class MetricsText {
 public:
  explicit MetricsText(bool open_metrics) : open_metrics_(open_metrics) {}

  /// Begins a family. @param name  of a counter: with its "_total"
  /// @param type  gauge, counter, summary, histogram
  void Family(const std::string& name, const std::string& type,
              const std::string& help);
  void Value(const Labels& labels, double value);
  /// The series of a family of type histogram.
  void Distribution(const Histogram& histogram);

  /// All of it. Call once, at the end.
  std::string Finish();

 private:
  void Line(const std::string& name, const Labels& labels, double value);

  const bool open_metrics_;
  std::string name_;
  std::string text_;
};

/// What the answer's Content-Type says.
const char* MetricsType(bool open_metrics);

/// Whether an Accept header prefers OpenMetrics.
bool WantsOpenMetrics(const std::string& accept);

}  // namespace graphiqa
