// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "collect.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <functional>

#include "metrics/metrics_text.h"
#include "output/event_json.h"

namespace graphiqa {
namespace {

using Watch = ChannelWatch;

/// One family with a series per channel; nothing where the value is unknown.
void PerChannel(Monitor* monitor, MetricsText* text, const std::string& name,
                const std::string& type, const std::string& help,
                const std::function<std::optional<double>(const Watch&)>& get) {
  text->Family(name, type, help);
  for (const auto& [id, watch] : monitor->channels()) {
    const std::optional<double> value = get(*watch);
    if (value) text->Value({{"channel", id}}, *value);
  }
}

void Scores(Monitor* monitor, MetricsText* text) {
  PerChannel(monitor, text, "graphiqa_channel_score", "gauge",
             "Score of the newest scored frame, 0 to 100, higher is better.",
             [](const Watch& watch) {
               return watch.newest() ? watch.newest()->score : std::nullopt;
             });
  PerChannel(monitor, text, "graphiqa_channel_score_uncertainty", "gauge",
             "One standard deviation of that score.", [](const Watch& watch) {
               return watch.newest() ? watch.newest()->uncertainty
                                     : std::nullopt;
             });
  PerChannel(monitor, text, "graphiqa_channel_score_usual", "gauge",
             "What score is usual for the channel.",
             [](const Watch& watch) -> std::optional<double> {
               if (!watch.alarms().baseline().known()) return std::nullopt;
               return watch.alarms().baseline().usual();
             });
  PerChannel(monitor, text, "graphiqa_channel_distortion_level", "gauge",
             "Strength of the distortion, 0 to 5.", [](const Watch& watch) {
               return watch.newest() ? watch.newest()->level : std::nullopt;
             });
  text->Family("graphiqa_channel_distortion_confidence", "gauge",
               "Probability of the most likely distortion, 0 to 1.");
  for (const auto& [id, watch] : monitor->channels()) {
    const auto& newest = watch->newest();
    if (!newest || !newest->distortion) continue;
    text->Value({{"channel", id}, {"distortion", Utf8(*newest->distortion)}},
                newest->confidence.value_or(0));
  }
}

void States(Monitor* monitor, MetricsText* text) {
  PerChannel(monitor, text, "graphiqa_channel_up", "gauge",
             "1 while the channel plays, else 0.", [](const Watch& watch) {
               const ChannelState state = watch.channel().machine().state();
               return state == ChannelState::kPlaying ? 1.0 : 0.0;
             });
  text->Family("graphiqa_channel_state", "gauge",
               "1 for the state that the channel is in, else 0.");
  for (const auto& [id, watch] : monitor->channels()) {
    for (const ChannelState state : kChannelStates) {
      const bool is = watch->channel().machine().state() == state;
      text->Value({{"channel", id}, {"state", ToString(state)}}, is ? 1 : 0);
    }
  }
  PerChannel(monitor, text, "graphiqa_channel_frame_age_seconds", "gauge",
             "Time since the newest frame came.",
             [](const Watch& watch) -> std::optional<double> {
               if (watch.channel().last_frame() <= 0) return std::nullopt;
               return MonotonicNow() - watch.channel().last_frame();
             });
  PerChannel(monitor, text, "graphiqa_channel_maintenance", "gauge",
             "1 while a maintenance window keeps alarms back, else 0.",
             [](const Watch& watch) { return watch.maintenance() ? 1.0 : 0; });
  PerChannel(monitor, text, "graphiqa_channel_hanging_pipelines", "gauge",
             "Pipelines that were told to end and have not.",
             [](const Watch& watch) {
               return static_cast<double>(watch.channel().closing());
             });
}

void Counters(Monitor* monitor, MetricsText* text) {
  text->Family("graphiqa_channel_frames_total", "counter",
               "Frames by what became of them: scored, held (an older result), "
               "skipped (no result yet), failed.");
  for (const auto& [id, watch] : monitor->channels()) {
    const EngineStats stats = watch->channel().stats();
    const std::pair<const char*, uint64_t> kinds[] = {
        {"scored", stats.scored},
        {"held", stats.held},
        {"skipped", stats.skipped},
        {"failed", stats.failed}};
    for (const auto& [name, count] : kinds) {
      text->Value({{"channel", id}, {"result", name}},
                  static_cast<double>(count));
    }
  }
  PerChannel(
      monitor, text, "graphiqa_channel_reconnects_total", "counter",
      "Pipelines that were given up and started again.",
      [](const Watch& watch) {
        return static_cast<double>(watch.channel().machine().reconnects());
      });
  PerChannel(monitor, text, "graphiqa_channel_error_seconds_total", "counter",
             "Seconds in which something was bad.", [](const Watch& watch) {
               return static_cast<double>(watch.errors().total());
             });
}

void Engine(Monitor* monitor, MetricsText* text) {
  text->Family("graphiqa_channel_scoring_latency_seconds", "summary",
               "From a frame's arrival to its result, over the last 1024.");
  for (const auto& [id, watch] : monitor->channels()) {
    const EngineStats stats = watch->channel().stats();
    if (stats.latency_p99_s <= 0) continue;
    text->Value({{"channel", id}, {"quantile", "0.5"}}, stats.latency_p50_s);
    text->Value({{"channel", id}, {"quantile", "0.99"}}, stats.latency_p99_s);
  }
  PerChannel(monitor, text, "graphiqa_channel_queue_seconds", "gauge",
             "Mean wait of a frame for the engine.", [](const Watch& watch) {
               return watch.channel().stats().queue_s;
             });
  PerChannel(monitor, text, "graphiqa_channel_inference_seconds", "gauge",
             "Mean time of the engine for a frame.", [](const Watch& watch) {
               return watch.channel().stats().inference_s;
             });
  text->Family("graphiqa_engine_scoring_latency_seconds", "histogram",
               "From a frame's arrival to its result, over all channels.");
  text->Distribution(monitor->latencies());
  text->Family("graphiqa_engine_batch_views", "histogram",
               "Views in one pass of the engine.");
  text->Distribution(monitor->batches());
}

void Alarms(Monitor* monitor, MetricsText* text) {
  text->Family("graphiqa_alarm_raised", "gauge",
               "1 while the alarm is raised, else 0.");
  for (const auto& [id, watch] : monitor->channels()) {
    for (const AlarmState& state : watch->alarms().states()) {
      text->Value({{"channel", id},
                   {"kind", Utf8(state.kind)},
                   {"severity", state.severity}},
                  state.raised ? 1 : 0);
    }
  }
}

void Delivery(Monitor* monitor, MetricsText* text) {
  const std::vector<OutputStatus> outputs = monitor->outputs().status();
  const auto family = [&](const char* name, const char* type, const char* help,
                          int64_t OutputStatus::*value) {
    text->Family(name, type, help);
    for (const OutputStatus& output : outputs) {
      text->Value({{"output", output.name}},
                  static_cast<double>(output.*value));
    }
  };
  family("graphiqa_output_waiting_events", "gauge",
         "Events that wait for the output.", &OutputStatus::waiting);
  family("graphiqa_output_delivered_events_total", "counter",
         "Events that the output has taken.", &OutputStatus::delivered);
  family("graphiqa_output_failures_total", "counter",
         "Attempts to deliver that failed.", &OutputStatus::failures);
  family("graphiqa_output_lost_events_total", "counter",
         "Events that were rejected, or pushed out of a full spool.",
         &OutputStatus::lost);
}

double ResidentBytes() {
  std::ifstream stream("/proc/self/statm");
  double pages = 0;
  double resident = 0;
  stream >> pages >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) +
           static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void Process(Monitor* monitor, const HttpCounts& http, MetricsText* text) {
  const auto one = [&](const char* name, const char* type, const char* help,
                       double value) {
    text->Family(name, type, help);
    text->Value({}, value);
  };
  text->Family("graphiqa_build_info", "gauge", "Always 1.");
  text->Value({{"version", GRAPHIQA_VERSION}}, 1);
  one("graphiqa_storage_up", "gauge",
      "1 while the disk takes what is measured.",
      monitor->storage_trouble().empty() ? 1 : 0);
  one("graphiqa_config_reloads_total", "counter",
      "Configurations taken since the start.",
      static_cast<double>(monitor->reloads()));
  one("graphiqa_http_connections", "gauge", "Open connections.",
      http.connections);
  one("graphiqa_http_streams", "gauge", "Pages that are kept up to date.",
      http.streams);
  one("graphiqa_http_refused_connections_total", "counter",
      "Connections over the limit.", http.refused);
  one("process_start_time_seconds", "gauge", "Start, seconds since 1970.",
      monitor->started_at());
  one("process_resident_memory_bytes", "gauge", "Resident memory.",
      ResidentBytes());
  one("process_cpu_seconds_total", "counter", "Processor time.", CpuSeconds());
}

}  // namespace

std::string CollectMetrics(Monitor* monitor, const HttpCounts& http,
                           bool open_metrics) {
  MetricsText text(open_metrics);
  Scores(monitor, &text);
  States(monitor, &text);
  Counters(monitor, &text);
  Engine(monitor, &text);
  Alarms(monitor, &text);
  Delivery(monitor, &text);
  Process(monitor, http, &text);
  return text.Finish();
}

}  // namespace graphiqa
