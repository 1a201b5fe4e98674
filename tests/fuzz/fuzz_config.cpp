// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Configurations of gq-monitor: every mistake is told on one line that names
/// the file, and what is taken is what the program can start from.

#include <gst/gst.h>

#include <cstdlib>
#include <set>
#include <string>

#include "config/describe.h"
#include "config/read_config.h"
#include "format/json.h"
#include "fuzz.h"

namespace {

using graphiqa::Configuration;
using graphiqa::Timing;

constexpr const char* kName = "input";

void Check(bool holds) {
  if (!holds) std::abort();
}

void CheckProblem(const std::string& problem) {
  Check(problem.rfind(std::string(kName) + ":", 0) == 0);
  Check(problem.find('\n') == std::string::npos);
  Check(graphiqa::IsUtf8(problem));
}

void CheckTiming(const Timing& timing) {
  Check(timing.raise_after >= 0 && timing.clear_after >= 0);
  Check(timing.severity == "warning" || timing.severity == "critical");
}

void CheckTaken(const Configuration& configuration) {
  Check(configuration.channels.size() <= graphiqa::kMaxChannels);
  Check(configuration.http.port >= 0 && configuration.http.port <= 65535);
  std::set<std::string> ids;
  for (const auto& channel : configuration.channels) {
    Check(ids.insert(channel.id).second && !channel.id.empty());
    Check(channel.id.find_first_of("/\\\"\n ") == std::string::npos);
    Check(gst_uri_is_valid(channel.source.uri.c_str()));
    Check(channel.source.retry_first <= channel.source.retry_longest);
    Check(channel.alarms.low_score.below <=
          channel.alarms.low_score.clear_above);
    CheckTiming(channel.alarms.low_score);
    CheckTiming(channel.alarms.signal_lost);
    // What the page shows and what a reload compares.
    const std::string shown = graphiqa::PublicUri(channel.source.uri);
    Check(shown.find('?') == std::string::npos);
    Check(graphiqa::PublicUri(shown) == shown);
    Check(!ChannelFingerprint(channel, configuration.engine).empty());
    Check(graphiqa::IsUtf8(DescribeAlarms(channel.alarms).Dump()));
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    CheckTaken(graphiqa::ReadConfigurationText(text, kName));
  } catch (const graphiqa::ConfigError& error) {
    for (const std::string& problem : error.problems()) CheckProblem(problem);
  } catch (const graphiqa::Error& error) {
    CheckProblem(error.what());  // no YAML
  }
  return 0;
}
