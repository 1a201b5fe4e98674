// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "event_json.h"

#include <glib.h>

#include <cmath>

namespace graphiqa {
namespace {

Json MaybeTime(double unix_time) {
  return unix_time > 0 ? Json(FormatTime(unix_time)) : Json();
}

}  // namespace

std::string FormatTime(double unix_time) {
  const auto whole = static_cast<gint64>(std::floor(unix_time));
  GDateTime* time = g_date_time_new_from_unix_utc(whole);
  if (time == nullptr) return "";
  gchar* text = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");
  gchar fraction[8];
  g_snprintf(fraction, sizeof(fraction), ".%03dZ",
             static_cast<int>((unix_time - static_cast<double>(whole)) * 1000));
  const std::string result = std::string(text) + fraction;
  g_free(text);
  g_date_time_unref(time);
  return result;
}

std::string Utf8(const std::string& text) {
  gchar* valid =
      g_utf8_make_valid(text.data(), static_cast<gssize>(text.size()));
  const std::string result = valid;
  g_free(valid);
  return result;
}

Json AlarmJson(const Alarm& alarm) {
  return Json::Object{{"id", alarm.id},
                      {"channel", alarm.channel},
                      {"channel_name", Utf8(alarm.channel_name)},
                      {"kind", Utf8(alarm.kind)},
                      {"severity", alarm.severity},
                      {"reason", Utf8(alarm.reason)},
                      {"raised_at", MaybeTime(alarm.raised_at)},
                      {"cleared_at", MaybeTime(alarm.cleared_at)},
                      {"acknowledged_at", MaybeTime(alarm.acknowledged_at)},
                      {"acknowledged_by", Utf8(alarm.acknowledged_by)},
                      {"comment", Utf8(alarm.comment)}};
}

std::string EventId(const AlarmEvent& event) {
  return std::to_string(event.alarm.id) + "-" + event.type;
}

Json EventJson(const AlarmEvent& event, const std::string& monitor) {
  return Json::Object{{"version", 1},
                      {"id", EventId(event)},
                      {"monitor", Utf8(monitor)},
                      {"type", event.type},
                      {"time", FormatTime(event.time)},
                      {"alarm", AlarmJson(event.alarm)}};
}

}  // namespace graphiqa
