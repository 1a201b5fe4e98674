// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "channel/backoff.h"
#include "config/settings.h"

namespace graphiqa {

enum class ChannelState {
  kConnecting,  ///< started, no frame yet
  kPlaying,     ///< frames come, with timestamps that go on
  kStalled,     ///< none for `stall_after`
  kWaiting,     ///< for the next attempt
  kStopped      ///< a file that is not looped has ended
};

constexpr ChannelState kChannelStates[] = {
    ChannelState::kConnecting, ChannelState::kPlaying, ChannelState::kStalled,
    ChannelState::kWaiting, ChannelState::kStopped};

/// "connecting", "playing", …
const char* ToString(ChannelState state);

/// What is seen of the present pipeline.
struct Observation {
  bool can_start = true;  ///< no earlier pipeline is in the way
  uint64_t frames = 0;    ///< with a new timestamp, since its start
  double last_frame = 0;  ///< when the last of these came
  bool ended = false;     ///< end of stream
  bool failed = false;
  std::string error;  ///< when failed
};

/// The life of a channel as a state machine without threads or clock: it is
/// told the time and what is seen, and says what to do. Times are seconds of
/// any clock that only goes forward.
class ChannelMachine {
 public:
  enum class Action { kNone, kStart, kStop };

  ChannelMachine(const SourceSettings& settings, Random random);

  /// To be called a few times a second.
  Action Tick(double now, const Observation& seen);

  /// Ends the present pipeline, whatever its state, and starts anew at once.
  Action Restart(double now, const std::string& reason);

  /// New times; they count from the next tick on.
  void Configure(const SourceSettings& settings);

  ChannelState state() const { return state_; }
  double since() const { return since_; }
  /// Why the channel is not playing; empty while it is.
  const std::string& reason() const { return reason_; }
  /// When the next attempt is due, while waiting.
  double next_attempt() const { return next_attempt_; }
  /// How often a pipeline was given up and started again.
  uint64_t reconnects() const { return reconnects_; }

 private:
  Action TickRunning(double now, const Observation& seen);
  Action Fail(double now, const std::string& reason);
  Action End(double now);
  void Enter(ChannelState state, double now, const std::string& reason);

  SourceSettings settings_;
  const Random random_;
  Backoff backoff_;
  ChannelState state_ = ChannelState::kWaiting;
  std::string reason_ = "not started yet";
  double since_ = 0;
  double next_attempt_ = 0;
  uint64_t reconnects_ = 0;
};

}  // namespace graphiqa
