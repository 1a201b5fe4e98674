// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "log.h"

#include <cstdio>

#include "channel/sample.h"
#include "output/event_json.h"

namespace graphiqa {
namespace {

bool silent = false;

}  // namespace

void Log(const char* level, const std::string& event,
         const Json::Object& fields) {
  if (silent) return;
  try {
    Json line = Json::Object{
        {"time", FormatTime(WallNow())}, {"level", level}, {"event", event}};
    for (const auto& [key, value] : fields) {
      line.Set(key, value.IsString() ? Json(Utf8(value.AsString())) : value);
    }
    std::printf("%s\n", line.Dump().c_str());
    std::fflush(stdout);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gq-monitor: log: %s\n", error.what());
  }
}

void SilenceLog() { silent = true; }

}  // namespace graphiqa
