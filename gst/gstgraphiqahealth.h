// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <optional>
#include <string>

#include "error.h"

namespace graphiqa {

/// What is said about trouble with scoring.
struct HealthNews {
  const char* state = "";  ///< "failing", "lost", "recovered"
  std::string reason;      ///< the error; empty when recovered
  uint64_t failed = 0;     ///< failures since Reset()
  GstClockTime retry_in = GST_CLOCK_TIME_NONE;  ///< ns; where lost
};

/// Turns failures and results into news, and says when a lost device is tried
/// again. A lasting state is repeated every five seconds at most, and a frame
/// now and then that fails is told as seldom. Not thread-safe.
class HealthWatch {
 public:
  void Reset() { *this = HealthWatch(); }

  /// @param error  of code kDevice when the device is lost or out of memory
  /// @param now    monotonic, ns
  std::optional<HealthNews> Failed(const Error& error, GstClockTime now);

  /// A lost device was opened again; whether it works is not known yet.
  void Reopened();

  /// A frame was scored.
  std::optional<HealthNews> Scored();

  bool lost() const { return state_ == State::kLost; }

  /// When a lost device may be tried again: 250 ms after the first failure,
  /// after each further one twice as long as before, up to 30 s.
  GstClockTime retry_at() const { return retry_at_; }

 private:
  enum class State { kWell, kFailing, kLost };

  /// Whether there is something to tell now that `state_` is so.
  bool IsNews(GstClockTime now) const;

  State state_ = State::kWell;
  State told_ = State::kWell;
  std::optional<GstClockTime> trouble_told_at_;
  uint64_t failed_ = 0;
  GstClockTime delay_ = 0;
  GstClockTime retry_at_ = 0;
};

}  // namespace graphiqa
