// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What the API and the pages are told, as JSON (docs/openapi.yaml).
#pragma once

#include <vector>

#include "app/monitor.h"
#include "format/json.h"

namespace graphiqa {

/// A channel at this moment, as the wall shows it.
Json ChannelView(const Monitor& monitor, const ChannelWatch& watch);
/// The same with its settings and counters.
Json ChannelDetails(const Monitor& monitor, const ChannelWatch& watch);
/// All channels, by id, as ChannelView().
Json WallView(const Monitor& monitor);
Json CurveView(int64_t step, const std::vector<CurvePoint>& points);
Json MomentsView(const std::vector<Moment>& moments);
Json AlarmsView(const std::vector<Alarm>& alarms);
Json StatusView(Monitor* monitor);

}  // namespace graphiqa
