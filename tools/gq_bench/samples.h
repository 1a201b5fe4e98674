// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "format/json.h"

namespace graphiqa {

/// The value that `share` of the samples do not exceed (nearest rank).
/// @param samples  not empty
/// @param share    (0, 1]
double Quantile(std::vector<double> samples, double share);

/// The middle one, or the mean of the middle two.
double Median(std::vector<double> samples);

/// {"median", "min", "max", "rounds": [...]} of one number per round.
Json RoundsJson(const std::vector<double>& rounds);

/// {"p50", "p99", "mean", "max", "count"} in milliseconds.
/// @param seconds  empty gives null
Json LatencyJson(const std::vector<double>& seconds);

/// What several rounds gave in common: of each number that all of them have the
/// median, in objects and arrays alike; all else as in the first.
/// @param rounds  not empty, of one shape
Json MedianJson(const std::vector<Json>& rounds);

/// Seconds on a clock that only goes forward.
double Now();

}  // namespace graphiqa
