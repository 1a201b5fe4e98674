// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "alarm_book.h"

#include <algorithm>

namespace graphiqa {

AlarmBook::AlarmBook(int64_t next_id, Listener listener)
    : next_id_(next_id), listener_(std::move(listener)) {}

void AlarmBook::Restore(const Alarm& alarm) {
  open_[{alarm.channel, alarm.kind}] = alarm;
  next_id_ = std::max(next_id_, alarm.id + 1);
}

void AlarmBook::Update(const std::string& channel, const std::string& name,
                       const std::vector<AlarmState>& states, bool maintenance,
                       double unix_now) {
  for (const AlarmState& state : states) {
    const Key key{channel, state.kind};
    const bool open = open_.count(key) != 0;
    if (state.raised && !open && !maintenance) {
      Raise(key, name, state, unix_now);
    } else if (!state.raised && open) {
      Clear(key, unix_now);
    }
  }
  // An alarm that was switched off has no state any more.
  for (const Alarm& alarm : Open(channel)) {
    const bool watched = std::any_of(
        states.begin(), states.end(),
        [&](const AlarmState& state) { return state.kind == alarm.kind; });
    if (!watched) Clear({channel, alarm.kind}, unix_now);
  }
}

void AlarmBook::Forget(const std::string& channel, double unix_now) {
  for (const Alarm& alarm : Open(channel)) {
    Clear({channel, alarm.kind}, unix_now);
  }
}

void AlarmBook::Raise(const Key& key, const std::string& name,
                      const AlarmState& state, double unix_now) {
  Alarm alarm;
  alarm.id = next_id_++;
  alarm.channel = key.first;
  alarm.channel_name = name;
  alarm.kind = state.kind;
  alarm.severity = state.severity;
  alarm.reason = state.reason;
  alarm.raised_at = unix_now;
  open_[key] = alarm;
  listener_({"raised", unix_now, alarm});
}

void AlarmBook::Clear(const Key& key, double unix_now) {
  const auto found = open_.find(key);
  Alarm alarm = found->second;
  alarm.cleared_at = unix_now;
  open_.erase(found);
  listener_({"cleared", unix_now, alarm});
}

const Alarm* AlarmBook::Acknowledge(int64_t id, const std::string& by,
                                    const std::string& comment,
                                    double unix_now) {
  for (auto& [key, alarm] : open_) {
    if (alarm.id != id) continue;
    if (alarm.acknowledged_at > 0) return &alarm;
    alarm.acknowledged_at = unix_now;
    alarm.acknowledged_by = by;
    alarm.comment = comment;
    listener_({"acknowledged", unix_now, alarm});
    return &alarm;
  }
  return nullptr;
}

std::vector<Alarm> AlarmBook::Open(const std::string& channel) const {
  std::vector<Alarm> alarms;
  for (const auto& [key, alarm] : open_) {
    if (channel.empty() || key.first == channel) alarms.push_back(alarm);
  }
  std::sort(alarms.begin(), alarms.end(),
            [](const Alarm& a, const Alarm& b) { return a.id < b.id; });
  return alarms;
}

const Alarm* AlarmBook::Find(int64_t id) const {
  for (const auto& [key, alarm] : open_) {
    if (alarm.id == id) return &alarm;
  }
  return nullptr;
}

}  // namespace graphiqa
