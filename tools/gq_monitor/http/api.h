// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/monitor.h"
#include "http/message.h"
#include "metrics/collect.h"

namespace graphiqa {

/// Answers requests, without sockets. docs/openapi.yaml describes it.
class Api {
 public:
  /// @param counts  of the server, for the metrics
  Api(Monitor* monitor, std::function<HttpCounts()> counts);

  /// Never throws; what goes wrong inside is answered with status 500.
  Response Answer(const Request& request);

  /// Whether anybody may ask for this, with or without token: pages, which hold
  /// no data, and probes.
  static bool IsOpen(const std::string& path);

  /// The header Allow for a path: its methods.
  static const char* MethodsOf(const std::string& path);

 private:
  Response Route(const Request& request);
  Response AnswerApi(const Request& request,
                     const std::vector<std::string>& parts);
  Response AnswerChannel(const Request& request,
                         const std::vector<std::string>& parts);
  Response History(const Request& request, const std::string& channel);
  Response Alarms(const Request& request);
  Response Acknowledge(const Request& request, const std::string& id);
  Response Restart(const Request& request, ChannelWatch* watch);
  Response Moments(const std::string& channel);
  Response Ready() const;

  Monitor* const monitor_;
  const std::function<HttpCounts()> counts_;
};

}  // namespace graphiqa
