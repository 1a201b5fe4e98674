// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "alarm/alarm_book.h"
#include "store/database.h"

namespace graphiqa {

/// What was measured in one step of time.
struct CurvePoint {
  int64_t time = 0;  ///< its start, seconds since 1970, a multiple of the step
  int64_t samples = 0;
  std::optional<double> mean;  ///< score, 0 to 100; empty without samples
  std::optional<double> low;
  std::optional<double> high;
  std::optional<double> uncertainty;
  std::optional<double> level;            ///< 0 to 5
  std::optional<std::string> distortion;  ///< the most frequent one, if clear
  std::string picture;  ///< the most frequent state, "" without frames
  int64_t error_seconds = 0;
};

/// Steps of the curves, in seconds.
constexpr int64_t kFineStep = 10;
constexpr int64_t kCoarseStep = 60;
/// Fine points are kept for so long.
constexpr int64_t kFineKept = 2 * 3600;

/// A bad moment with its picture.
struct Moment {
  int64_t id = 0;
  double time = 0;  ///< seconds since 1970
  double score = 0;
  std::optional<std::string> distortion;  ///< if clear
  std::optional<double> level;
};

/// Curves, alarms and worst moments of all channels on disk.
/// All functions throw Error(kFile) when the disk fails.
class History {
 public:
  explicit History(Database* database);

  void AddPoint(const std::string& channel, int64_t step,
                const CurvePoint& point);
  /// Points in [from, to), oldest first, at most `most`.
  std::vector<CurvePoint> Curve(const std::string& channel, int64_t step,
                                int64_t from, int64_t to, int64_t most);

  void SaveAlarm(const Alarm& alarm);
  /// Newest first. @param channel  "" = all
  std::vector<Alarm> Alarms(const std::string& channel, int64_t most);
  std::vector<Alarm> OpenAlarms();
  std::optional<Alarm> FindAlarm(int64_t id);
  int64_t NextAlarmId();

  /// Keeps the moment when it is among the `most` worst of its channel and day.
  /// @returns whether it was kept
  bool AddMoment(const std::string& channel, const Moment& moment,
                 const std::string& jpeg, int64_t most);
  /// Worst first, not older than `since`.
  std::vector<Moment> Moments(const std::string& channel, double since,
                              int64_t most);
  /// Empty when there is none.
  std::string MomentPicture(const std::string& channel, int64_t id);

  /// Removes what is too old, at most `rows` of each kind, so that it never
  /// takes long. @returns whether there may be more
  bool Prune(int64_t now, double keep_curves, double keep_alarms, int64_t rows);

 private:
  Database* const database_;
};

}  // namespace graphiqa
