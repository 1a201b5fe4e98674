// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/monitor.h"

namespace graphiqa {

/// What the HTTP server adds of its own.
struct HttpCounts {
  double connections = 0;
  double streams = 0;
  double refused = 0;  ///< connections, since the start
};

/// All metrics; docs/gq-monitor.md lists them.
std::string CollectMetrics(Monitor* monitor, const HttpCounts& http,
                           bool open_metrics);

}  // namespace graphiqa
