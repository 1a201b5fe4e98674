// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "alarm/alarm_set.h"
#include "alarm/error_seconds.h"
#include "channel/channel.h"
#include "channel/thumbnailer.h"
#include "config/settings.h"
#include "store/aggregator.h"

namespace graphiqa {

/// A channel with all that is known of it: source, alarms, curves, picture.
class ChannelWatch {
 public:
  ChannelWatch(const ChannelSettings& settings, const EngineSettings& engine);

  void Configure(const ChannelSettings& settings, const EngineSettings& engine,
                 double now);

  /// To be called a few times a second.
  void Tick(double now, double unix_now);

  /// Of the frames scored since the last call, in seconds.
  std::vector<double> TakeLatencies();

  /// Points finished since the last call, with their step.
  std::vector<std::pair<int64_t, CurvePoint>> TakePoints();

  /// Whether a new thumbnail is due: after the time set, or at once when the
  /// score falls below all since the last one.
  bool WantsThumbnail(double now) const;
  /// Whether one that is due has waited long enough for a frame with a score.
  bool TakesThumbnailWithoutScore(double now) const;
  void NoteThumbnailAsked(double now);
  void SetThumbnail(Thumbnail thumbnail) { thumbnail_ = std::move(thumbnail); }

  const ChannelSettings& settings() const { return settings_; }
  Channel& channel() { return channel_; }
  const Channel& channel() const { return channel_; }
  AlarmSet& alarms() { return alarms_; }
  const AlarmSet& alarms() const { return alarms_; }
  ErrorSeconds& errors() { return errors_; }
  const ErrorSeconds& errors() const { return errors_; }
  bool maintenance() const { return maintenance_; }
  /// The newest scored frame of a channel that plays; empty otherwise.
  const std::optional<Sample>& newest() const { return newest_; }
  /// Fine points of the last ten minutes, oldest first.
  const std::deque<CurvePoint>& recent() const { return recent_; }
  const std::optional<Thumbnail>& thumbnail() const { return thumbnail_; }
  uint64_t samples() const { return samples_; }

 private:
  double ThumbnailPause() const;
  void TakeSamples(double now);
  void LookAtAlarms(double now, double unix_now);
  void Finish(int64_t step, CurvePoint point);

  ChannelSettings settings_;
  Channel channel_;
  AlarmSet alarms_;
  ErrorSeconds errors_;
  Aggregator fine_{kFineStep};
  Aggregator coarse_{kCoarseStep};
  std::vector<std::pair<int64_t, CurvePoint>> finished_;
  std::vector<double> latencies_;
  std::deque<CurvePoint> recent_;
  std::optional<Sample> newest_;
  std::optional<Thumbnail> thumbnail_;
  uint64_t samples_ = 0;
  uint64_t errors_before_ = 0;  ///< total at the start of the fine step
  bool maintenance_ = false;
  double thumbnail_asked_ = 0;
  std::optional<double> lowest_;  ///< score since the last thumbnail
  bool fell_ = false;
};

}  // namespace graphiqa
