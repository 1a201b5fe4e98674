// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "maintenance.h"

#include <glib.h>

#include <algorithm>

namespace graphiqa {
namespace {

struct WallClock {
  unsigned day = 0;  ///< 0 = Monday
  int minute = 0;    ///< of the day
};

WallClock In(const std::string& timezone, int64_t unix_time) {
  WallClock wall;
  GTimeZone* zone = g_time_zone_new_identifier(timezone.c_str());
  // Checked when the configuration was read; the system's data may have gone.
  if (zone == nullptr) zone = g_time_zone_new_utc();
  GDateTime* utc = g_date_time_new_from_unix_utc(unix_time);
  GDateTime* local = g_date_time_to_timezone(utc, zone);
  wall.day = static_cast<unsigned>(g_date_time_get_day_of_week(local) - 1);
  wall.minute =
      g_date_time_get_hour(local) * 60 + g_date_time_get_minute(local);
  g_date_time_unref(local);
  g_date_time_unref(utc);
  g_time_zone_unref(zone);
  return wall;
}

bool Has(unsigned days, unsigned day) { return ((days >> day) & 1U) != 0; }

bool Holds(const MaintenanceWindow& window, int64_t unix_time) {
  if (window.days == 0) {
    return window.from_unix <= unix_time && unix_time < window.to_unix;
  }
  const WallClock now = In(window.timezone, unix_time);
  const bool after_start = now.minute >= window.from_minute;
  const bool before_end = now.minute < window.to_minute;
  if (window.to_minute > window.from_minute) {
    return Has(window.days, now.day) && after_start && before_end;
  }
  const unsigned yesterday = (now.day + 6) % 7;
  return (Has(window.days, now.day) && after_start) ||
         (Has(window.days, yesterday) && before_end);
}

}  // namespace

bool InMaintenance(const std::vector<MaintenanceWindow>& windows,
                   int64_t unix_time) {
  return std::any_of(windows.begin(), windows.end(),
                     [&](const MaintenanceWindow& window) {
                       return Holds(window, unix_time);
                     });
}

}  // namespace graphiqa
