// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "alarm/alarm_book.h"
#include "format/json.h"

namespace graphiqa {

/// RFC 3339 in UTC with milliseconds, "2026-03-01T12:00:00.250Z".
std::string FormatTime(double unix_time);

/// What the API says of an alarm; times are null where it has none.
Json AlarmJson(const Alarm& alarm);

/// "17-raised": the same for each delivery of one event.
std::string EventId(const AlarmEvent& event);

/// What outputs are sent.
/// @param monitor  name of this machine
Json EventJson(const AlarmEvent& event, const std::string& monitor);

/// Text as valid UTF-8; what is not becomes U+FFFD.
std::string Utf8(const std::string& text);

}  // namespace graphiqa
