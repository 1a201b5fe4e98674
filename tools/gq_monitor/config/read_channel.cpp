// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "read_channel.h"

#include <gst/gst.h>

#include <memory>

namespace graphiqa {
namespace {

constexpr double kDay = 86400;
constexpr size_t kMaxRules = 50;
constexpr size_t kLongestId = 64;

void ReadTiming(Section& section, Timing* timing) {
  section.Duration("raise-after", 0, kDay, &timing->raise_after);
  section.Duration("clear-after", 0, kDay, &timing->clear_after);
  section.Choice("severity", {"warning", "critical"}, &timing->severity);
}

void ReadLowScore(Section& section, LowScoreSettings* low) {
  ReadTiming(section, low);
  section.Number("below", 0, 100, &low->below);
  section.Number("clear-above", 0, 100, &low->clear_above);
  if (low->clear_above < low->below) {
    section.Complain(section.Has("clear-above") ? "clear-above" : "below",
                     "clear-above must not be less than below");
  }
}

void ReadDrop(Section& section, DropSettings* drop) {
  ReadTiming(section, drop);
  section.Number("points", 1, 100, &drop->points);
  section.Duration("window", 0.1, 3600, &drop->window);
  section.Duration("baseline", 1, 7 * kDay, &drop->baseline);
  section.Duration("warm-up", 0, kDay, &drop->warm_up);
  section.Duration("accept-after", 1, 7 * kDay, &drop->accept_after);
  if (drop->baseline <= drop->window) {
    section.Complain("baseline", "must be longer than window");
  }
}

void ReadDistortion(Section& section, DistortionSettings* rule) {
  section.Require("type");
  section.Text("type", &rule->type, kLongestId);
  ReadTiming(section, rule);
  section.Number("level", 0, 5, &rule->level);
  section.Number("confidence", 0, 1, &rule->confidence);
}

void ReadAlarms(Section& section, AlarmSettings* alarms) {
  section.Switch("low-score", &alarms->low_score.enabled,
                 [&](Section& s) { ReadLowScore(s, &alarms->low_score); });
  section.Switch("drop", &alarms->drop.enabled,
                 [&](Section& s) { ReadDrop(s, &alarms->drop); });
  if (section.Has("distortions")) alarms->distortions.clear();
  section.Each("distortions", kMaxRules, [&](Section& s, size_t) {
    DistortionSettings rule;
    ReadDistortion(s, &rule);
    for (const DistortionSettings& other : alarms->distortions) {
      if (other.type == rule.type) s.Complain("type", "is there twice");
    }
    alarms->distortions.push_back(rule);
  });
  struct Named {
    const char* key;
    Timing* timing;
  };
  for (const Named& named :
       {Named{"black", &alarms->black}, Named{"frozen", &alarms->frozen},
        Named{"flat", &alarms->flat},
        Named{"signal-lost", &alarms->signal_lost}}) {
    section.Switch(named.key, &named.timing->enabled,
                   [&](Section& s) { ReadTiming(s, named.timing); });
  }
}

void ReadRetry(Section& section, SourceSettings* source) {
  section.Duration("first", 0.1, 3600, &source->retry_first);
  section.Duration("longest", 0.1, kDay, &source->retry_longest);
  if (source->retry_longest < source->retry_first) {
    section.Complain(section.Has("longest") ? "longest" : "first",
                     "longest must not be less than first");
  }
}

void ReadThumbnails(Section& section, ThumbnailSettings* thumbnails) {
  section.Duration("every", 1, 3600, &thumbnails->every);
  section.Integer("width", 64, 640, &thumbnails->width);
}

struct FreeText {
  void operator()(gchar* text) const { g_free(text); }
};
using Chars = std::unique_ptr<gchar, FreeText>;

/// A path becomes a file URI; a URI stays as it is.
void ReadUri(Section& section, SourceSettings* source) {
  section.Require("uri");
  std::string text;
  section.TextOrSecret("uri", &text);
  if (text.empty()) return;
  if (gst_uri_is_valid(text.c_str()) != FALSE) {
    source->uri = text;
    return;
  }
  const Chars uri(gst_filename_to_uri(section.Resolve(text).c_str(), nullptr));
  if (uri == nullptr) {
    section.Complain("uri", "must be a URI or a file's path");
  } else {
    source->uri = uri.get();
  }
}

bool IsId(const std::string& id) {
  return id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") ==
             std::string::npos &&
         id.find_first_not_of('.') == 0;
}

/// Minutes of the day from "HH:MM"; -1 when it is none.
int ParseMinutes(const std::string& text) {
  if (text.size() != 5 || text[2] != ':') return -1;
  for (const size_t at : {0, 1, 3, 4}) {
    if (text[at] < '0' || text[at] > '9') return -1;
  }
  const int hours = (text[0] - '0') * 10 + text[1] - '0';
  const int minutes = (text[3] - '0') * 10 + text[4] - '0';
  return hours <= 24 && minutes < 60 && hours * 60 + minutes <= 1440
             ? hours * 60 + minutes
             : -1;
}

/// Seconds since 1970 from RFC 3339; 0 when it is none.
int64_t ParseTime(const std::string& text) {
  GDateTime* time = g_date_time_new_from_iso8601(text.c_str(), nullptr);
  if (time == nullptr) return 0;
  const int64_t unix_time = g_date_time_to_unix(time);
  g_date_time_unref(time);
  return unix_time;
}

unsigned ReadDays(Section& section) {
  constexpr const char* kDays[] = {"mon", "tue", "wed", "thu",
                                   "fri", "sat", "sun"};
  std::vector<std::string> names;
  section.Texts("days", 7, &names);
  unsigned days = 0;
  for (const std::string& name : names) {
    unsigned bit = 0;
    for (unsigned day = 0; day < 7; ++day) {
      if (name == kDays[day]) bit = 1U << day;
    }
    if (bit == 0) {
      section.Complain("days", "must list mon, tue, wed, thu, fri, sat, sun");
    }
    days |= bit;
  }
  return days;
}

void ReadTimezone(Section& section, std::string* name) {
  section.Text("timezone", name, kLongestId);
  GTimeZone* zone = g_time_zone_new_identifier(name->c_str());
  if (zone == nullptr) {
    section.Complain("timezone", "is not known here: " + *name);
  } else {
    g_time_zone_unref(zone);
  }
}

void ReadWindow(Section& section, MaintenanceWindow* window) {
  std::string from;
  std::string to;
  section.Require("from");
  section.Require("to");
  section.Text("from", &from, kLongestId);
  section.Text("to", &to, kLongestId);
  ReadTimezone(section, &window->timezone);
  if (section.Has("days")) {
    window->days = ReadDays(section);
    window->from_minute = ParseMinutes(from);
    window->to_minute = ParseMinutes(to);
    if (window->from_minute < 0) section.Complain("from", "must be HH:MM");
    if (window->to_minute < 0) section.Complain("to", "must be HH:MM");
    return;
  }
  window->from_unix = ParseTime(from);
  window->to_unix = ParseTime(to);
  constexpr const char* kWanted =
      "must be a time as 2026-05-01T02:00:00Z, or HH:MM with days";
  if (window->from_unix == 0) section.Complain("from", kWanted);
  if (window->to_unix == 0) section.Complain("to", kWanted);
  if (window->to_unix != 0 && window->to_unix <= window->from_unix) {
    section.Complain("to", "must be later than from");
  }
}

}  // namespace

void ReadMaintenance(Section& section, std::vector<MaintenanceWindow>* list) {
  if (section.Has("maintenance")) list->clear();
  section.Each("maintenance", kMaxRules, [&](Section& s, size_t) {
    MaintenanceWindow window;
    ReadWindow(s, &window);
    list->push_back(window);
  });
}

void ReadChannelOptions(Section& section, ChannelSettings* channel) {
  SourceSettings& source = channel->source;
  section.Flag("loop", &source.loop);
  section.Choice("mode", {"auto", "live", "sync"}, &source.mode);
  section.Number("max-rate", 0, 1000, &source.max_rate);
  section.Integer("crops", 0, 256, &source.crops);
  section.Duration("connect-timeout", 1, 3600, &source.connect_timeout);
  section.Duration("stall-after", 0.5, 3600, &source.stall_after);
  section.Duration("restart-after", 0.5, kDay, &source.restart_after);
  section.Child("retry", [&](Section& s) { ReadRetry(s, &source); });
  section.Switch("thumbnails", &channel->thumbnails.enabled,
                 [&](Section& s) { ReadThumbnails(s, &channel->thumbnails); });
  section.Child("alarms", [&](Section& s) { ReadAlarms(s, &channel->alarms); });
  ReadMaintenance(section, &channel->maintenance);
}

void ReadChannel(Section& section, ChannelSettings* channel) {
  section.Require("id");
  section.Text("id", &channel->id, kLongestId);
  if (!channel->id.empty() && !IsId(channel->id)) {
    section.Complain("id",
                     "must be of a-z, 0-9, '.', '_', '-', and not begin "
                     "with '.'");
  }
  channel->name = channel->id;
  section.Text("name", &channel->name, 200);
  ReadUri(section, &channel->source);
  ReadChannelOptions(section, channel);
}

}  // namespace graphiqa
