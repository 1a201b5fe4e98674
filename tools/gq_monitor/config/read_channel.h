// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "section.h"
#include "settings.h"

namespace graphiqa {

/// Reads what both `defaults` and a channel may say; what is absent stays.
void ReadChannelOptions(Section& section, ChannelSettings* channel);

/// Reads a whole entry of `channels`.
void ReadChannel(Section& section, ChannelSettings* channel);

/// Reads `maintenance`. Present, it replaces the list.
void ReadMaintenance(Section& section, std::vector<MaintenanceWindow>* list);

}  // namespace graphiqa
