// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/settings.h"

namespace graphiqa {

/// What one look at a channel says of an alarm's condition.
enum class Verdict {
  kBad,
  kGood,
  kBetween,  ///< inside the hysteresis: ends a bad as well as a good time
  kUnknown   ///< nothing can be said: the clocks stand still
};

/// Raise and clear times of one alarm. It is raised when the verdict has been
/// bad, and cleared when it has been good, without a break for the time set;
/// only time between two looks of the same verdict counts.
class Condition {
 public:
  explicit Condition(const Timing& timing) : timing_(timing) {}

  /// @param now  seconds of a clock that only goes forward
  void Observe(double now, Verdict verdict);

  void Configure(const Timing& timing) { timing_ = timing; }

  /// Takes up an alarm that was raised before this process started.
  void Restore() { raised_ = true; }

  bool raised() const { return raised_; }
  /// The newest verdict that was not kUnknown.
  Verdict verdict() const { return verdict_; }
  /// The newest verdict.
  bool bad_now() const { return bad_now_; }

 private:
  Timing timing_;
  Verdict verdict_ = Verdict::kGood;
  bool known_ = false;  ///< the last look said something
  bool bad_now_ = false;
  bool raised_ = false;
  double last_ = 0;
  double lasted_ = 0;  ///< of the present verdict, seconds
};

}  // namespace graphiqa
