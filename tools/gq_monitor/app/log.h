// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "format/json.h"

namespace graphiqa {

/// One line of JSON on stdout: time, level (info, warning, error), event, and
/// the fields. Never throws; a line that cannot be written is lost.
void Log(const char* level, const std::string& event,
         const Json::Object& fields = {});

/// Writes nothing from now on; for tests.
void SilenceLog();

}  // namespace graphiqa
