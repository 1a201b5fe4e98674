// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "alarm/alarm_set.h"

namespace graphiqa {

/// One alarm from its raising on. Times are seconds since 1970, 0 = not yet.
struct Alarm {
  int64_t id = 0;
  std::string channel;
  std::string channel_name;
  std::string kind;
  std::string severity;
  std::string reason;
  double raised_at = 0;
  double cleared_at = 0;
  double acknowledged_at = 0;
  std::string acknowledged_by;
  std::string comment;
};

struct AlarmEvent {
  std::string type;  ///< raised, cleared, acknowledged
  double time = 0;
  Alarm alarm;
};

/// The alarms of all channels that people know of: gives each an id, keeps new
/// ones back during maintenance, and says once that it is raised, acknowledged
/// and cleared.
class AlarmBook {
 public:
  using Listener = std::function<void(const AlarmEvent&)>;

  /// @param next_id  greater than every id that was ever given
  AlarmBook(int64_t next_id, Listener listener);

  /// Takes up an alarm that was open before this process started.
  void Restore(const Alarm& alarm);

  /// To be called when states may have changed.
  /// @param maintenance  nothing new is raised; what is open may clear
  void Update(const std::string& channel, const std::string& name,
              const std::vector<AlarmState>& states, bool maintenance,
              double unix_now);

  /// Clears all alarms of a channel that is no longer watched.
  void Forget(const std::string& channel, double unix_now);

  /// @returns the alarm, or null when no such alarm is open. A second one to
  ///   acknowledge changes nothing.
  const Alarm* Acknowledge(int64_t id, const std::string& by,
                           const std::string& comment, double unix_now);

  /// Open ones of one channel, or of all (""), by id.
  std::vector<Alarm> Open(const std::string& channel = "") const;
  const Alarm* Find(int64_t id) const;

 private:
  using Key = std::pair<std::string, std::string>;  // channel, kind

  void Raise(const Key& key, const std::string& name, const AlarmState& state,
             double unix_now);
  void Clear(const Key& key, double unix_now);

  int64_t next_id_;
  const Listener listener_;
  std::map<Key, Alarm> open_;
};

}  // namespace graphiqa
