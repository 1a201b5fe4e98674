// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What a configuration says, with the defaults that docs/gq-monitor.md lists.
/// Times are seconds, scores from 0 to 100.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace graphiqa {

/// How a channel is played and scored. A change needs a new pipeline.
struct SourceSettings {
  std::string uri;              ///< may hold a password
  bool loop = false;            ///< start a file again at its end
  std::string mode = "auto";    ///< auto, live, sync
  double max_rate = 2;          ///< scored frames per second, 0 = no limit
  int64_t crops = 0;            ///< views per frame, 0 = the model's own number
  double connect_timeout = 15;  ///< until the first frame
  double stall_after = 5;       ///< without a new frame
  double restart_after = 10;    ///< stalled for so long
  double retry_first = 1;       ///< back-off after a failure
  double retry_longest = 60;
};

struct ThumbnailSettings {
  bool enabled = true;
  double every = 5;
  int64_t width = 320;
};

/// An alarm is raised when its condition has held for `raise_after`, and
/// cleared when the opposite has held for `clear_after`.
struct Timing {
  bool enabled = true;
  double raise_after = 5;
  double clear_after = 10;
  std::string severity = "warning";  ///< or critical
};

struct LowScoreSettings : Timing {
  double below = 40;
  double clear_above = 45;
};

/// A fall of the score against what is usual for the channel.
struct DropSettings : Timing {
  double points = 15;
  double window = 5;           ///< mean of the present
  double baseline = 600;       ///< time constant of what is usual
  double warm_up = 120;        ///< of scored time before the first alarm
  double accept_after = 1800;  ///< then the fallen score is the usual one
};

struct DistortionSettings : Timing {
  std::string type;  ///< the model's name
  double level = 3;  ///< 0 to 5, at least; 0 where the model knows no level
  double confidence = 0.5;
};

struct AlarmSettings {
  LowScoreSettings low_score;
  DropSettings drop;
  std::vector<DistortionSettings> distortions;
  Timing black;
  Timing frozen;
  Timing flat;
  Timing signal_lost;
};

/// A time in which alarms are kept back: once, or every week.
struct MaintenanceWindow {
  int64_t from_unix = 0;  ///< once: seconds since 1970; 0, 0 = weekly
  int64_t to_unix = 0;
  unsigned days = 0;    ///< weekly: bit 0 = Monday … bit 6 = Sunday
  int from_minute = 0;  ///< of the day; to <= from ends the day after
  int to_minute = 0;
  std::string timezone = "UTC";
};

struct ChannelSettings {
  std::string id;
  std::string name;
  SourceSettings source;
  ThumbnailSettings thumbnails;
  AlarmSettings alarms;
  std::vector<MaintenanceWindow> maintenance;
};

struct EngineSettings {
  std::string model;  ///< empty = the default model
  std::string device = "auto";
  std::string precision = "auto";
};

struct HttpSettings {
  std::string listen = "127.0.0.1";
  int64_t port = 8088;      ///< 0 = any free one
  std::string certificate;  ///< PEM file; empty = no TLS
  std::string key;
  std::string token;               ///< bearer token; empty = none asked
  std::vector<std::string> hosts;  ///< names that requests may use
  int64_t connections = 256;
  int64_t streams = 32;  ///< of server-sent events
};

struct WebhookSettings {
  std::string name;
  std::string url;
  std::string secret;  ///< of the HMAC; empty = unsigned
  double timeout = 10;
};

struct MqttSettings {
  std::string name;
  std::string host;
  int64_t port = 1883;
  std::string topic = "graphiqa";
  std::string client_id;
  std::string username;
  std::string password;
  std::string ca_file;  ///< PEM; empty = no TLS
};

struct OutputSettings {
  std::vector<WebhookSettings> webhooks;
  std::vector<MqttSettings> mqtts;
  int64_t spool_limit = 10000;  ///< waiting events per output
};

struct StorageSettings {
  std::string folder = "graphiqa-monitor";
  double curves = 7 * 86400.0;
  double alarms = 90 * 86400.0;
  int64_t moments = 8;  ///< worst moments kept per channel and day
};

struct Configuration {
  EngineSettings engine;
  HttpSettings http;
  OutputSettings outputs;
  StorageSettings storage;
  std::vector<ChannelSettings> channels;
};

}  // namespace graphiqa
