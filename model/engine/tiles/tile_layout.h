// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Where the slots of a graph lie: their maps with the borders that their
/// readers want, and their places in one block of memory that is used over and
/// over.
#pragma once

#include <vector>

#include "engine/plan_op.h"
#include "tile_map.h"

namespace graphiqa {

/// Zeros that an operator wants around its first input.
struct TileBorder {
  int top = 0, left = 0, bottom = 0, right = 0;
};

/// Of kConv and kMaxPool.
TileBorder BorderOf(const PlanOp& op);

/// Kernel, stride and padding of a kConv or kMaxPool.
Window WindowOf(const PlanOp& op);

/// Whether a slot comes from a convolution whose results are not negative.
bool IsNotNegative(const PlanGraph& graph, int slot);

/// Gives pointwise convolutions that use every n-th pixel alone a pooling of
/// 1x1 that leaves those: side by side they fill tiles.
void ThinOut(PlanGraph* graph);

/// Maps of all slots of a fused graph.
/// @param size_px  side of the images
std::vector<TileMap> MapsOf(const PlanGraph& graph, int size_px);

/// Two parts of one block of memory: slots that are needed while operators run
/// picture by picture hold one picture, the others all of a batch.
struct TileArena {
  struct Place {
    bool single = false;  ///< holds one picture
    /// From the start of its part, for one picture. For n pictures it lies n
    /// times as far, so none ever reaches into another.
    int64_t offset = 0;
  };
  std::vector<Place> places;  ///< of each slot
  int64_t single_values = 0;  ///< of the first part
  int64_t batch_values = 0;   ///< of the second, for one picture

  int64_t Values(int64_t pictures) const {
    return single_values + batch_values * pictures;
  }
};

/// Slots that are needed at the same time get different places. What is added
/// to a convolution and needed by nobody else gives its place to the sum.
/// @param split  operators before it run picture by picture
TileArena ArenaOf(const PlanGraph& graph, const std::vector<TileMap>& maps,
                  size_t split);

/// The operator from which on weights are larger than what they are used on:
/// from there it is better to take all pictures at once.
size_t SplitOf(const PlanGraph& graph, const std::vector<TileMap>& maps);

}  // namespace graphiqa
