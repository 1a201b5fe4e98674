// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "alarm/baseline.h"
#include "alarm/condition.h"
#include "channel/channel_machine.h"
#include "channel/sample.h"
#include "config/settings.h"

namespace graphiqa {

/// How one alarm of a channel stands.
struct AlarmState {
  std::string kind;  ///< low-score, drop, distortion:TYPE, black, frozen, flat,
                     ///< signal-lost
  std::string severity;
  std::string reason;  ///< in words, of the newest bad look
  bool raised = false;
  bool bad = false;  ///< the condition holds at this moment
};

/// What is seen of a channel besides scores.
struct SignalView {
  ChannelState state = ChannelState::kConnecting;
  bool first_attempt = true;  ///< no pipeline was given up yet
  std::string reason;         ///< why it is not playing
  std::string picture;        ///< of the newest frame, "" = unknown
};

/// All alarms of one channel, without threads or clock. Scores say nothing
/// while the picture is black, flat or frozen (which has alarms of its own) or
/// the signal is lost.
class AlarmSet {
 public:
  explicit AlarmSet(const AlarmSettings& settings);

  /// New settings; what is raised stays raised until it clears.
  void Configure(const AlarmSettings& settings);

  /// Takes up an alarm that was raised before this process started.
  void Restore(const std::string& kind);

  void OnSample(const Sample& sample);
  void OnTick(double now, const SignalView& view);

  /// Those that are switched on.
  const std::vector<AlarmState>& states() const { return states_; }
  /// Whether anything is bad at this moment.
  bool bad() const;
  const Baseline& baseline() const { return baseline_; }

 private:
  void Add(const std::string& kind, const Timing& timing);
  void Look(const std::string& kind, double now, Verdict verdict,
            const std::string& reason);
  void LookAtScores(const Sample& sample);
  void LookAtDistortion(const DistortionSettings& rule, const Sample& sample);
  void ScoresUnknown(double now);

  AlarmSettings settings_;
  Baseline baseline_;
  std::map<std::string, Condition> conditions_;
  std::vector<AlarmState> states_;
};

}  // namespace graphiqa
