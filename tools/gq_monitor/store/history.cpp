// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "history.h"

#include <utility>

namespace graphiqa {
namespace {

constexpr const char* kTables =
    "CREATE TABLE IF NOT EXISTS curve (step INTEGER, channel TEXT, "
    "time INTEGER, samples INTEGER, mean REAL, low REAL, high REAL, "
    "uncertainty REAL, level REAL, distortion TEXT, picture TEXT, "
    "errors INTEGER, PRIMARY KEY(step, channel, time)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS curve_by_time ON curve(step, time);"
    "CREATE TABLE IF NOT EXISTS alarm (id INTEGER PRIMARY KEY, channel TEXT, "
    "name TEXT, kind TEXT, severity TEXT, reason TEXT, raised REAL, "
    "cleared REAL, acknowledged REAL, acknowledged_by TEXT, comment TEXT);"
    "CREATE INDEX IF NOT EXISTS alarm_by_channel ON alarm(channel, id);"
    "CREATE INDEX IF NOT EXISTS alarm_by_clearing ON alarm(cleared);"
    "CREATE TABLE IF NOT EXISTS moment (id INTEGER PRIMARY KEY AUTOINCREMENT, "
    "channel TEXT, day INTEGER, time REAL, score REAL, distortion TEXT, "
    "level REAL, jpeg BLOB);"
    "CREATE INDEX IF NOT EXISTS moment_by_day ON moment(channel, day, score);"
    "CREATE INDEX IF NOT EXISTS moment_by_time ON moment(time);";
constexpr int64_t kSchema = 1;
constexpr int64_t kDay = 86400;

#define GQ_ALARM_COLUMNS                                                \
  "SELECT id, channel, name, kind, severity, reason, raised, cleared, " \
  "acknowledged, acknowledged_by, comment FROM alarm "

Alarm AlarmFrom(const Statement& row) {
  Alarm alarm;
  alarm.id = row.Int(0);
  alarm.channel = row.Text(1);
  alarm.channel_name = row.Text(2);
  alarm.kind = row.Text(3);
  alarm.severity = row.Text(4);
  alarm.reason = row.Text(5);
  alarm.raised_at = row.Double(6);
  alarm.cleared_at = row.Double(7);
  alarm.acknowledged_at = row.Double(8);
  alarm.acknowledged_by = row.Text(9);
  alarm.comment = row.Text(10);
  return alarm;
}

std::vector<Alarm> All(Statement* rows) {
  std::vector<Alarm> alarms;
  while (rows->Step()) alarms.push_back(AlarmFrom(*rows));
  return alarms;
}

}  // namespace

History::History(Database* database) : database_(database) {
  Statement version(database_, "PRAGMA user_version");
  version.Step();
  if (version.Int(0) > kSchema) {
    throw Error(ErrorCode::kFormat,
                "the history was written by a newer gq-monitor");
  }
  database_->Execute(kTables);
  database_->Execute("PRAGMA user_version=1");
}

void History::AddPoint(const std::string& channel, int64_t step,
                       const CurvePoint& point) {
  Statement add(database_,
                "INSERT OR REPLACE INTO curve VALUES(?, ?, ?, ?, ?, ?, ?, ?, "
                "?, ?, ?, ?)");
  add.Bind(1, step).Bind(2, channel).Bind(3, point.time);
  add.Bind(4, point.samples).Bind(5, point.mean).Bind(6, point.low);
  add.Bind(7, point.high).Bind(8, point.uncertainty).Bind(9, point.level);
  add.Bind(10, point.distortion).Bind(11, point.picture);
  add.Bind(12, point.error_seconds);
  add.Run();
}

std::vector<CurvePoint> History::Curve(const std::string& channel, int64_t step,
                                       int64_t from, int64_t to, int64_t most) {
  Statement find(
      database_,
      "SELECT time, samples, mean, low, high, uncertainty, level, "
      "distortion, picture, errors FROM curve WHERE step = ? AND "
      "channel = ? AND time >= ? AND time < ? ORDER BY time LIMIT ?");
  find.Bind(1, step).Bind(2, channel).Bind(3, from).Bind(4, to).Bind(5, most);
  std::vector<CurvePoint> points;
  while (find.Step()) {
    CurvePoint point;
    point.time = find.Int(0);
    point.samples = find.Int(1);
    point.mean = find.MaybeDouble(2);
    point.low = find.MaybeDouble(3);
    point.high = find.MaybeDouble(4);
    point.uncertainty = find.MaybeDouble(5);
    point.level = find.MaybeDouble(6);
    point.distortion = find.MaybeText(7);
    point.picture = find.Text(8);
    point.error_seconds = find.Int(9);
    points.push_back(point);
  }
  return points;
}

void History::SaveAlarm(const Alarm& alarm) {
  Statement save(database_,
                 "INSERT OR REPLACE INTO alarm VALUES(?, ?, ?, ?, ?, ?, ?, ?, "
                 "?, ?, ?)");
  save.Bind(1, alarm.id).Bind(2, alarm.channel).Bind(3, alarm.channel_name);
  save.Bind(4, alarm.kind).Bind(5, alarm.severity).Bind(6, alarm.reason);
  save.Bind(7, alarm.raised_at).Bind(8, alarm.cleared_at);
  save.Bind(9, alarm.acknowledged_at).Bind(10, alarm.acknowledged_by);
  save.Bind(11, alarm.comment);
  save.Run();
}

std::vector<Alarm> History::Alarms(const std::string& channel, int64_t most) {
  if (channel.empty()) {
    Statement find(database_, GQ_ALARM_COLUMNS "ORDER BY id DESC LIMIT ?");
    find.Bind(1, most);
    return All(&find);
  }
  Statement find(database_,
                 GQ_ALARM_COLUMNS "WHERE channel = ? ORDER BY id DESC LIMIT ?");
  find.Bind(1, channel).Bind(2, most);
  return All(&find);
}

std::vector<Alarm> History::OpenAlarms() {
  Statement find(database_, GQ_ALARM_COLUMNS "WHERE cleared = 0 ORDER BY id");
  return All(&find);
}

std::optional<Alarm> History::FindAlarm(int64_t id) {
  Statement find(database_, GQ_ALARM_COLUMNS "WHERE id = ?");
  find.Bind(1, id);
  if (!find.Step()) return std::nullopt;
  return AlarmFrom(find);
}

int64_t History::NextAlarmId() {
  Statement find(database_, "SELECT coalesce(max(id), 0) + 1 FROM alarm");
  find.Step();
  return find.Int(0);
}

bool History::AddMoment(const std::string& channel, const Moment& moment,
                        const std::string& jpeg, int64_t most) {
  const int64_t day = static_cast<int64_t>(moment.time) / kDay;
  Statement worse(database_,
                  "SELECT count(*) FROM moment WHERE channel = ? AND day = ? "
                  "AND score <= ?");
  worse.Bind(1, channel).Bind(2, day).Bind(3, moment.score);
  worse.Step();
  if (worse.Int(0) >= most) return false;
  Statement add(database_,
                "INSERT INTO moment(channel, day, time, score, distortion, "
                "level, jpeg) VALUES(?, ?, ?, ?, ?, ?, ?)");
  add.Bind(1, channel).Bind(2, day).Bind(3, moment.time).Bind(4, moment.score);
  add.Bind(5, moment.distortion).Bind(6, moment.level).BindBytes(7, jpeg);
  add.Run();
  Statement drop(database_,
                 "DELETE FROM moment WHERE id IN (SELECT id FROM moment WHERE "
                 "channel = ? AND day = ? ORDER BY score, id LIMIT -1 "
                 "OFFSET ?)");
  drop.Bind(1, channel).Bind(2, day).Bind(3, most).Run();
  return true;
}

std::vector<Moment> History::Moments(const std::string& channel, double since,
                                     int64_t most) {
  Statement find(database_,
                 "SELECT id, time, score, distortion, level FROM moment WHERE "
                 "channel = ? AND day >= ? AND time >= ? ORDER BY score "
                 "LIMIT ?");
  find.Bind(1, channel).Bind(2, static_cast<int64_t>(since) / kDay);
  find.Bind(3, since).Bind(4, most);
  std::vector<Moment> moments;
  while (find.Step()) {
    moments.push_back({find.Int(0), find.Double(1), find.Double(2),
                       find.MaybeText(3), find.MaybeDouble(4)});
  }
  return moments;
}

std::string History::MomentPicture(const std::string& channel, int64_t id) {
  Statement find(database_,
                 "SELECT jpeg FROM moment WHERE id = ? AND channel = ?");
  find.Bind(1, id).Bind(2, channel);
  return find.Step() ? find.Text(0) : "";
}

bool History::Prune(int64_t now, double keep_curves, double keep_alarms,
                    int64_t rows) {
  const auto before = [&](double keep) {
    return now - static_cast<int64_t>(keep);
  };
  bool more = false;
  for (const auto& [step, keep] :
       {std::pair{kFineStep, static_cast<double>(kFineKept)},
        std::pair{kCoarseStep, keep_curves}}) {
    Statement curves(database_,
                     "DELETE FROM curve WHERE (step, channel, time) IN (SELECT "
                     "step, channel, time FROM curve WHERE step = ? AND "
                     "time < ? LIMIT ?)");
    curves.Bind(1, step).Bind(2, before(keep)).Bind(3, rows).Run();
    more |= database_->changes() >= rows;
  }
  Statement alarms(database_,
                   "DELETE FROM alarm WHERE id IN (SELECT id FROM alarm WHERE "
                   "cleared > 0 AND cleared < ? LIMIT ?)");
  alarms.Bind(1, before(keep_alarms)).Bind(2, rows).Run();
  more |= database_->changes() >= rows;
  Statement moments(database_,
                    "DELETE FROM moment WHERE id IN (SELECT id FROM moment "
                    "WHERE time < ? LIMIT ?)");
  moments.Bind(1, before(keep_curves)).Bind(2, rows).Run();
  return more || database_->changes() >= rows;
}

}  // namespace graphiqa
