// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqaalarm.h"

namespace graphiqa {

bool AlarmLatch::Update(GstClockTime time, std::optional<bool> bad,
                        const AlarmRule& rule) {
  if (!bad) {
    last_time_ = GST_CLOCK_TIME_NONE;
    return false;
  }
  if (streak_ != bad) {
    streak_ = bad;
    streak_since_ = time;
    held_ = 0;
  } else if (GST_CLOCK_TIME_IS_VALID(last_time_) && time > last_time_) {
    held_ += time - last_time_;
  }
  last_time_ = time;
  const GstClockTime needed = *bad ? rule.raise_time : rule.clear_time;
  if (*bad == raised_ || held_ < needed) return false;
  raised_ = *bad;
  since_ = streak_since_;
  return true;
}

void AlarmLatch::Interrupt() {
  streak_.reset();
  last_time_ = GST_CLOCK_TIME_NONE;
}

std::vector<AlarmEvent> AlarmBank::OnFrame(const AlarmRule& rule,
                                           GstClockTime time,
                                           PictureState picture) {
  if (!GST_CLOCK_TIME_IS_VALID(time)) return {};
  if (rule.below <= 0) return SwitchOff(time);
  std::vector<AlarmEvent> events;
  for (Alarm& alarm : alarms_) {
    if (alarm.picture == PictureState::kNormal) continue;
    AlarmLatch& latch = alarm.latch;
    if (!latch.Update(time, picture == alarm.picture, rule)) continue;
    events.push_back({latch.raised(), alarm.reason, latch.since(), time});
  }
  return events;
}

std::optional<AlarmEvent> AlarmBank::OnScore(const AlarmRule& rule,
                                             GstClockTime time, double score,
                                             PictureState picture) {
  if (!GST_CLOCK_TIME_IS_VALID(time) || rule.below <= 0) return std::nullopt;
  std::optional<bool> bad;
  if (picture == PictureState::kNormal) bad = score < rule.below;
  Alarm& alarm = alarms_[0];
  if (!alarm.latch.Update(time, bad, rule)) return std::nullopt;
  return AlarmEvent{alarm.latch.raised(), alarm.reason, alarm.latch.since(),
                    time};
}

void AlarmBank::Interrupt() {
  for (Alarm& alarm : alarms_) alarm.latch.Interrupt();
}

void AlarmBank::Reset() {
  for (Alarm& alarm : alarms_) alarm.latch = AlarmLatch();
}

/// Nobody would clear them any more.
std::vector<AlarmEvent> AlarmBank::SwitchOff(GstClockTime time) {
  std::vector<AlarmEvent> events;
  for (Alarm& alarm : alarms_) {
    if (alarm.latch.raised())
      events.push_back({false, alarm.reason, time, time});
    alarm.latch = AlarmLatch();
  }
  return events;
}

}  // namespace graphiqa
