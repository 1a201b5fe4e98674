// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "channel/sample.h"
#include "store/history.h"

namespace graphiqa {

/// Makes points of a curve from samples. Without clock.
class Aggregator {
 public:
  /// @param step  seconds
  explicit Aggregator(int64_t step) : step_(step) {}

  /// To be called at least once a second, before the samples of that time.
  /// @param unix_second  wall clock; a jump back goes on in the present step
  /// @returns the point of the step that has just ended
  std::optional<CurvePoint> Advance(int64_t unix_second);

  void Add(const Sample& sample);
  /// The state of a frame, scored or not.
  void NotePicture(const std::string& picture);

 private:
  CurvePoint Point() const;
  void Clear();

  const int64_t step_;
  int64_t start_ = -1;
  int64_t scores_ = 0;
  double sum_ = 0;
  double low_ = 0;
  double high_ = 0;
  double uncertainty_ = 0;
  int64_t levels_ = 0;
  double level_ = 0;
  std::map<std::string, int> distortions_;  ///< "" = not clear
  std::map<std::string, int> pictures_;
};

}  // namespace graphiqa
