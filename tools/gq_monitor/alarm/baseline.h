// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alarm/condition.h"
#include "config/settings.h"

namespace graphiqa {

/// What score is usual for a channel, and whether the present one has fallen
/// from it: two exponential means, a short one against a long one. The long
/// one learns nothing from a score that looks fallen, until that has lasted
/// `accept_after`.
class Baseline {
 public:
  explicit Baseline(const DropSettings& settings) : settings_(settings) {}

  /// @param now  seconds, going forward
  /// @returns kUnknown while warming up
  Verdict Observe(double now, double score);

  void Configure(const DropSettings& settings) { settings_ = settings; }

  bool known() const;  ///< warmed up
  double usual() const { return usual_; }
  double present() const { return present_; }

 private:
  void Learn(double step, double score);

  DropSettings settings_;
  bool started_ = false;
  double last_ = 0;
  double learnt_ = 0;  ///< seconds of scores that `usual_` has seen
  double fallen_for_ = 0;
  double usual_ = 0;
  double present_ = 0;
};

}  // namespace graphiqa
