// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "channel_watch.h"

#include "alarm/maintenance.h"

namespace graphiqa {
namespace {

constexpr size_t kRecentPoints = 60;
/// A fall of the score that is worth a picture of its own, and how often.
constexpr double kFall = 2;
constexpr double kFallPause = 1;
/// How long a frame with a score is waited for: in live mode the first ones
/// after a start have none.
constexpr double kScorePatience = 1;

}  // namespace

ChannelWatch::ChannelWatch(const ChannelSettings& settings,
                           const EngineSettings& engine)
    : settings_(settings),
      channel_(settings, engine, SystemRandom()),
      alarms_(settings.alarms) {}

void ChannelWatch::Configure(const ChannelSettings& settings,
                             const EngineSettings& engine, double now) {
  settings_ = settings;
  channel_.Configure(settings, engine, now);
  alarms_.Configure(settings.alarms);
}

void ChannelWatch::Tick(double now, double unix_now) {
  const auto second = static_cast<int64_t>(unix_now);
  if (auto point = fine_.Advance(second)) Finish(kFineStep, *point);
  if (auto point = coarse_.Advance(second)) Finish(kCoarseStep, *point);
  TakeSamples(now);
  LookAtAlarms(now, unix_now);
}

void ChannelWatch::TakeSamples(double now) {
  for (const Sample& sample : channel_.Tick(now)) {
    ++samples_;
    if (sample.latency_s) latencies_.push_back(*sample.latency_s);
    alarms_.OnSample(sample);
    fine_.Add(sample);
    coarse_.Add(sample);
    newest_ = sample;
    if (!sample.score) continue;
    if (lowest_ && *sample.score < *lowest_ - kFall) fell_ = true;
    if (!lowest_ || *sample.score < *lowest_) lowest_ = sample.score;
  }
  if (channel_.machine().state() != ChannelState::kPlaying) {
    newest_.reset();
  } else {
    fine_.NotePicture(channel_.picture());
    coarse_.NotePicture(channel_.picture());
  }
}

void ChannelWatch::LookAtAlarms(double now, double unix_now) {
  SignalView view;
  view.state = channel_.machine().state();
  view.first_attempt = channel_.machine().reconnects() == 0;
  view.reason = channel_.machine().reason();
  view.picture = channel_.picture();
  alarms_.OnTick(now, view);
  errors_.Note(static_cast<int64_t>(unix_now), alarms_.bad());
  maintenance_ =
      InMaintenance(settings_.maintenance, static_cast<int64_t>(unix_now));
}

void ChannelWatch::Finish(int64_t step, CurvePoint point) {
  if (step == kCoarseStep) {
    point.error_seconds = errors_.InMinute(point.time / 60);
  } else {
    point.error_seconds =
        static_cast<int64_t>(errors_.total() - errors_before_);
    errors_before_ = errors_.total();
    recent_.push_back(point);
    if (recent_.size() > kRecentPoints) recent_.pop_front();
  }
  finished_.emplace_back(step, point);
}

std::vector<std::pair<int64_t, CurvePoint>> ChannelWatch::TakePoints() {
  std::vector<std::pair<int64_t, CurvePoint>> taken;
  taken.swap(finished_);
  return taken;
}

std::vector<double> ChannelWatch::TakeLatencies() {
  std::vector<double> taken;
  taken.swap(latencies_);
  return taken;
}

bool ChannelWatch::WantsThumbnail(double now) const {
  if (!settings_.thumbnails.enabled) return false;
  if (channel_.machine().state() != ChannelState::kPlaying) return false;
  return now - thumbnail_asked_ >= ThumbnailPause();
}

bool ChannelWatch::TakesThumbnailWithoutScore(double now) const {
  return now - thumbnail_asked_ >= ThumbnailPause() + kScorePatience;
}

double ChannelWatch::ThumbnailPause() const {
  return fell_ ? kFallPause : settings_.thumbnails.every;
}

void ChannelWatch::NoteThumbnailAsked(double now) {
  thumbnail_asked_ = now;
  fell_ = false;
  lowest_.reset();
}

}  // namespace graphiqa
