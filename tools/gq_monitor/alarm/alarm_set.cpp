// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "alarm_set.h"

#include <glib.h>

#include <algorithm>

namespace graphiqa {
namespace {

constexpr const char* kLowScore = "low-score";
constexpr const char* kDrop = "drop";
constexpr const char* kSignalLost = "signal-lost";
/// Hysteresis of a distortion's level and confidence.
constexpr double kLevelBand = 0.5;
constexpr double kConfidenceBand = 0.8;

std::string KindOf(const DistortionSettings& rule) {
  return "distortion:" + rule.type;
}

std::string Format(const char* format, double a, double b) {
  gchar* text = g_strdup_printf(format, a, b);
  const std::string result = text;
  g_free(text);
  return result;
}

Verdict SignalVerdict(const SignalView& view) {
  switch (view.state) {
    case ChannelState::kPlaying:
      return Verdict::kGood;
    case ChannelState::kStopped:
      return Verdict::kUnknown;
    case ChannelState::kConnecting:
    case ChannelState::kWaiting:
      return view.first_attempt ? Verdict::kUnknown : Verdict::kBad;
    case ChannelState::kStalled:
      break;
  }
  return Verdict::kBad;
}

}  // namespace

AlarmSet::AlarmSet(const AlarmSettings& settings) : baseline_(settings.drop) {
  Configure(settings);
}

void AlarmSet::Configure(const AlarmSettings& settings) {
  settings_ = settings;
  baseline_.Configure(settings.drop);
  std::vector<AlarmState> before;
  before.swap(states_);
  Add(kLowScore, settings.low_score);
  Add(kDrop, settings.drop);
  for (const DistortionSettings& rule : settings.distortions) {
    Add(KindOf(rule), rule);
  }
  Add("black", settings.black);
  Add("frozen", settings.frozen);
  Add("flat", settings.flat);
  Add(kSignalLost, settings.signal_lost);
  std::map<std::string, Condition> kept;
  for (AlarmState& state : states_) {
    kept.insert(*conditions_.find(state.kind));
    for (const AlarmState& old : before) {
      if (old.kind == state.kind) state.reason = old.reason;
    }
  }
  conditions_ = kept;
}

void AlarmSet::Add(const std::string& kind, const Timing& timing) {
  if (!timing.enabled) return;
  const auto [at, fresh] = conditions_.emplace(kind, Condition(timing));
  if (!fresh) at->second.Configure(timing);
  AlarmState state;
  state.kind = kind;
  state.severity = timing.severity;
  state.raised = at->second.raised();
  states_.push_back(state);
}

void AlarmSet::Restore(const std::string& kind) {
  const auto found = conditions_.find(kind);
  if (found == conditions_.end()) return;
  found->second.Restore();
  for (AlarmState& state : states_) {
    if (state.kind == kind) state.raised = true;
  }
}

void AlarmSet::Look(const std::string& kind, double now, Verdict verdict,
                    const std::string& reason) {
  const auto found = conditions_.find(kind);
  if (found == conditions_.end()) return;
  found->second.Observe(now, verdict);
  for (AlarmState& state : states_) {
    if (state.kind != kind) continue;
    state.raised = found->second.raised();
    state.bad = found->second.bad_now();
    if (verdict == Verdict::kBad) state.reason = reason;
  }
}

void AlarmSet::OnSample(const Sample& sample) {
  if (!sample.score || sample.picture != "normal") {
    ScoresUnknown(sample.time);
  } else {
    LookAtScores(sample);
  }
}

void AlarmSet::LookAtScores(const Sample& sample) {
  const double score = *sample.score;
  const LowScoreSettings& low = settings_.low_score;
  Verdict verdict = Verdict::kBetween;
  if (score < low.below) verdict = Verdict::kBad;
  if (score >= low.clear_above) verdict = Verdict::kGood;
  Look(kLowScore, sample.time, verdict,
       Format("score %.1f is below %.4g", score, low.below));
  const Verdict fallen = baseline_.Observe(sample.time, score);
  Look(kDrop, sample.time, fallen,
       Format("score fell to %.1f, usual is %.1f", baseline_.present(),
              baseline_.usual()));
  for (const DistortionSettings& rule : settings_.distortions) {
    LookAtDistortion(rule, sample);
  }
}

void AlarmSet::LookAtDistortion(const DistortionSettings& rule,
                                const Sample& sample) {
  if (!sample.distortion) {
    Look(KindOf(rule), sample.time, Verdict::kUnknown, "");
    return;
  }
  const bool same = *sample.distortion == rule.type;
  // A model without levels leaves the type alone to decide.
  const double level = sample.level.value_or(rule.level);
  const double confidence = sample.confidence.value_or(1);
  Verdict verdict = Verdict::kGood;
  if (same && level >= rule.level && confidence >= rule.confidence) {
    verdict = Verdict::kBad;
  } else if (same && level >= rule.level - kLevelBand &&
             confidence >= rule.confidence * kConfidenceBand) {
    verdict = Verdict::kBetween;
  }
  Look(KindOf(rule), sample.time, verdict,
       rule.type + Format(", level %.1f (confidence %.2f)",
                          sample.level.value_or(0), confidence));
}

void AlarmSet::ScoresUnknown(double now) {
  Look(kLowScore, now, Verdict::kUnknown, "");
  Look(kDrop, now, Verdict::kUnknown, "");
  for (const DistortionSettings& rule : settings_.distortions) {
    Look(KindOf(rule), now, Verdict::kUnknown, "");
  }
}

void AlarmSet::OnTick(double now, const SignalView& view) {
  Look(kSignalLost, now, SignalVerdict(view), view.reason);
  const bool playing = view.state == ChannelState::kPlaying;
  if (!playing) ScoresUnknown(now);
  for (const char* kind : {"black", "frozen", "flat"}) {
    Verdict verdict = view.picture == kind ? Verdict::kBad : Verdict::kGood;
    if (!playing || view.picture.empty()) verdict = Verdict::kUnknown;
    Look(kind, now, verdict, std::string("the picture is ") + kind);
  }
}

bool AlarmSet::bad() const {
  return std::any_of(states_.begin(), states_.end(),
                     [](const AlarmState& state) { return state.bad; });
}

}  // namespace graphiqa
