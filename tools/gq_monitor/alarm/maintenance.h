// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "config/settings.h"

namespace graphiqa {

/// Whether a moment lies in one of the windows. A weekly window that ends
/// before it begins goes on into the day after. In the hour that a change of
/// the clock skips or repeats, wall clock time counts.
bool InMaintenance(const std::vector<MaintenanceWindow>& windows,
                   int64_t unix_time);

}  // namespace graphiqa
