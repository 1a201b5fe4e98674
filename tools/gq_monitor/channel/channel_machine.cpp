// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "channel_machine.h"

#include <glib.h>

namespace graphiqa {
namespace {

/// After so long of playing, an attempt counts as a success.
constexpr double kStable = 30;

std::string Seconds(double seconds) {
  gchar text[32];
  g_snprintf(text, sizeof(text), "%.3g s", seconds);
  return text;
}

}  // namespace

const char* ToString(ChannelState state) {
  switch (state) {
    case ChannelState::kConnecting:
      return "connecting";
    case ChannelState::kPlaying:
      return "playing";
    case ChannelState::kStalled:
      return "stalled";
    case ChannelState::kWaiting:
      return "waiting";
    case ChannelState::kStopped:
      break;
  }
  return "stopped";
}

ChannelMachine::ChannelMachine(const SourceSettings& settings, Random random)
    : settings_(settings),
      random_(std::move(random)),
      backoff_(settings.retry_first, settings.retry_longest, random_) {}

void ChannelMachine::Configure(const SourceSettings& settings) {
  settings_ = settings;
  backoff_ = Backoff(settings.retry_first, settings.retry_longest, random_);
}

ChannelMachine::Action ChannelMachine::Tick(double now,
                                            const Observation& seen) {
  switch (state_) {
    case ChannelState::kStopped:
      return Action::kNone;
    case ChannelState::kWaiting:
      if (now < next_attempt_ || !seen.can_start) return Action::kNone;
      Enter(ChannelState::kConnecting, now, reason_);
      return Action::kStart;
    default:
      return TickRunning(now, seen);
  }
}

ChannelMachine::Action ChannelMachine::TickRunning(double now,
                                                   const Observation& seen) {
  if (seen.failed) return Fail(now, seen.error);
  if (seen.ended) return End(now);
  const bool fresh =
      seen.frames > 0 && now - seen.last_frame <= settings_.stall_after;
  if (fresh && state_ != ChannelState::kPlaying) {
    Enter(ChannelState::kPlaying, now, "");
  } else if (state_ == ChannelState::kConnecting) {
    if (now - since_ > settings_.connect_timeout) {
      return Fail(now, "no frame within " + Seconds(settings_.connect_timeout));
    }
  } else if (state_ == ChannelState::kPlaying) {
    if (!fresh) {
      Enter(ChannelState::kStalled, now,
            "no new frame for " + Seconds(settings_.stall_after));
    } else if (now - since_ > kStable) {
      backoff_.Reset();
    }
  } else if (now - since_ > settings_.restart_after) {
    return Fail(now, "no new frame for " + Seconds(settings_.stall_after +
                                                   settings_.restart_after));
  }
  return Action::kNone;
}

ChannelMachine::Action ChannelMachine::Fail(double now,
                                            const std::string& reason) {
  Enter(ChannelState::kWaiting, now, reason);
  next_attempt_ = now + backoff_.Next();
  ++reconnects_;
  return Action::kStop;
}

ChannelMachine::Action ChannelMachine::End(double now) {
  if (settings_.uri.rfind("file:", 0) != 0) {
    return Fail(now, "the source ended");
  }
  Enter(ChannelState::kStopped, now, "the file ended");
  return Action::kStop;
}

ChannelMachine::Action ChannelMachine::Restart(double now,
                                               const std::string& reason) {
  const bool running =
      state_ != ChannelState::kWaiting && state_ != ChannelState::kStopped;
  Enter(ChannelState::kWaiting, now, reason);
  next_attempt_ = now;
  backoff_.Reset();
  if (!running) return Action::kNone;
  ++reconnects_;
  return Action::kStop;
}

void ChannelMachine::Enter(ChannelState state, double now,
                           const std::string& reason) {
  state_ = state;
  since_ = now;
  reason_ = reason;
}

}  // namespace graphiqa
