// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "describe.h"

#include <glib.h>

#include "format/sha256.h"

namespace graphiqa {
namespace {

std::string Hash(const std::string& text) {
  return Sha256Hex(reinterpret_cast<const uint8_t*>(text.data()), text.size());
}

Json DescribeTiming(const Timing& timing) {
  return Json::Object{{"enabled", timing.enabled},
                      {"raise_after_s", timing.raise_after},
                      {"clear_after_s", timing.clear_after},
                      {"severity", timing.severity}};
}

Json DescribeSource(const SourceSettings& source) {
  return Json::Object{{"uri", Hash(source.uri)},
                      {"loop", source.loop},
                      {"mode", source.mode},
                      {"max_rate", source.max_rate},
                      {"crops", source.crops}};
}

Json DescribeRetries(const SourceSettings& source) {
  return Json::Array{source.connect_timeout, source.stall_after,
                     source.restart_after, source.retry_first,
                     source.retry_longest};
}

Json DescribeWindow(const MaintenanceWindow& window) {
  return Json::Array{
      window.from_unix,   window.to_unix,   static_cast<int>(window.days),
      window.from_minute, window.to_minute, window.timezone};
}

}  // namespace

std::string PublicUri(const std::string& uri) {
  // Not by g_uri_parse(): what that refuses must not show either.
  std::string text = uri.substr(0, uri.find_first_of("?#"));
  const size_t start = text.find("://");
  if (start == std::string::npos) return text;
  const size_t slash = text.find('/', start + 3);
  const size_t at = text.rfind('@', slash);
  if (at != std::string::npos && at > start + 2 &&
      (slash == std::string::npos || at < slash)) {
    text.erase(start + 3, at - start - 2);
  }
  return text;
}

Json DescribeAlarms(const AlarmSettings& alarms) {
  Json low = DescribeTiming(alarms.low_score);
  low.Set("below", alarms.low_score.below);
  low.Set("clear_above", alarms.low_score.clear_above);
  Json drop = DescribeTiming(alarms.drop);
  drop.Set("points", alarms.drop.points);
  drop.Set("window_s", alarms.drop.window);
  drop.Set("baseline_s", alarms.drop.baseline);
  drop.Set("warm_up_s", alarms.drop.warm_up);
  drop.Set("accept_after_s", alarms.drop.accept_after);
  Json::Array distortions;
  for (const DistortionSettings& rule : alarms.distortions) {
    Json one = DescribeTiming(rule);
    one.Set("type", rule.type);
    one.Set("level", rule.level);
    one.Set("confidence", rule.confidence);
    distortions.push_back(one);
  }
  return Json::Object{{"low-score", low},
                      {"drop", drop},
                      {"distortions", distortions},
                      {"black", DescribeTiming(alarms.black)},
                      {"frozen", DescribeTiming(alarms.frozen)},
                      {"flat", DescribeTiming(alarms.flat)},
                      {"signal-lost", DescribeTiming(alarms.signal_lost)}};
}

std::string PipelineFingerprint(const ChannelSettings& channel,
                                const EngineSettings& engine) {
  return Json(Json::Array{DescribeSource(channel.source), engine.model,
                          engine.device, engine.precision})
      .Dump();
}

std::string ChannelFingerprint(const ChannelSettings& channel,
                               const EngineSettings& engine) {
  Json::Array windows;
  for (const MaintenanceWindow& window : channel.maintenance) {
    windows.push_back(DescribeWindow(window));
  }
  return Json(Json::Array{PipelineFingerprint(channel, engine), channel.id,
                          channel.name, DescribeRetries(channel.source),
                          channel.thumbnails.enabled, channel.thumbnails.every,
                          channel.thumbnails.width,
                          DescribeAlarms(channel.alarms), windows})
      .Dump();
}

std::string EngineFingerprint(const EngineSettings& engine) {
  return Json(Json::Array{engine.model, engine.device, engine.precision})
      .Dump();
}

std::string HttpFingerprint(const HttpSettings& http) {
  Json::Array hosts;
  for (const std::string& host : http.hosts) hosts.push_back(host);
  return Json(Json::Array{http.listen, http.port, http.certificate, http.key,
                          Hash(http.token), hosts, http.connections,
                          http.streams})
      .Dump();
}

std::string OutputFingerprint(const WebhookSettings& webhook) {
  return Json(Json::Array{"webhook", webhook.name, Hash(webhook.url),
                          Hash(webhook.secret), webhook.timeout})
      .Dump();
}

std::string OutputFingerprint(const MqttSettings& mqtt) {
  return Json(Json::Array{"mqtt", mqtt.name, mqtt.host, mqtt.port, mqtt.topic,
                          mqtt.client_id, mqtt.username, Hash(mqtt.password),
                          mqtt.ca_file})
      .Dump();
}

}  // namespace graphiqa
