// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What follows from a graph of operators alone, whatever runs it: where each
/// stage is pooled to and how long each slot is needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "network/network.h"
#include "plan_op.h"

namespace graphiqa {

/// Columns of the features that an operator's result is pooled into.
struct PlanPooling {
  bool deviation = false;  ///< means, then deviations; else means alone
  int64_t column = 0;      ///< of the first mean
};

/// The poolings of each operator's result, in the order of Network::Features().
/// @param graph  of the network's backbone
/// @returns one list per operator, empty for those that are no chosen stage
/// @throws Error(kShape) when they and PictureStatistics(), where the features
///   have them, do not fill the feature size
std::vector<std::vector<PlanPooling>> PoolingsByOp(Network& network,
                                                   const PlanGraph& graph);

/// The operator after which nobody reads a slot; for a slot that is never read
/// the one that writes it. Stages are pooled as soon as they are computed, so
/// only operators count as readers.
/// @returns one index into graph.ops per slot
std::vector<size_t> LastReaders(const PlanGraph& graph);

/// LastReaders() the other way round.
/// @returns per operator the slots that can be freed after it
std::vector<std::vector<int>> FreedByOp(const PlanGraph& graph);

}  // namespace graphiqa
