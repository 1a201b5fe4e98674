// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <variant>
#include <vector>

#include "engine/backbone_plan.h"
#include "engine/plan_layout.h"
#include "engine/plan_op.h"
#include "network/network.h"
#include "tile_conv.h"
#include "tile_depthwise.h"
#include "tile_layout.h"

namespace graphiqa {

/// What multiplies in convolutions; results differ in the order of sums by it.
enum class TileUnit {
  kVectors,
  kAmx,  ///< bfloat16 alone: AmxAvailable()
};

/// The faster one that this CPU has.
TileUnit BestTileUnit();

/// Whether all operators are such that kernels exist for them.
/// @param graph  fused with PadRule::kAsIs
bool TilesCanRun(const PlanGraph& graph);

/// A plan of our own kernels: convolutions with all that follows them in one
/// pass, over maps whose borders and places are fixed when the plan is made.
/// Sums are float; weights of depthwise convolutions and all biases stay float.
/// @tparam Value  of maps and other weights: Bits16, which needs
///   Bf16VectorsAvailable(), or float, which needs VectorsAvailable()
template <typename Value>
class TilePlan : public BackbonePlan {
 public:
  /// @param network  evaluation mode, CPU; its weights are copied
  /// @param graph    of its backbone, TilesCanRun(); for AMX best after
  ///   ThinOut()
  /// @param size_px  side of the network's input
  /// @param unit     one that this CPU has
  TilePlan(Network& network, const PlanGraph& graph, int64_t size_px,
           TileUnit unit);

  at::Tensor Features(const at::Tensor& images) override;

 private:
  struct Step {
    std::variant<TileConv, TileDepthwise, TileMaximum> kernel;
    int in, out, other;                 ///< slots; other = -1 without
    std::vector<PlanPooling> poolings;  ///< of the result
  };

  void AddStep(const PlanOp& op, std::vector<PlanPooling> poolings);
  /// Some pictures of a batch.
  struct Range {
    int first, count;
  };

  /// Maps of pictures that are worked on together.
  struct Arena {
    int pictures = 0;
    TileVector<Value> memory;
  };

  Value* Values(int slot, int picture, Arena* arena) const;
  void TakeImages(const at::Tensor& images, const Range& pictures,
                  Arena* arena) const;
  void Run(const Step& step, const Range& pictures, Arena* arena) const;
  void RunConv(const TileConv& conv, const MapData<Value>& data) const;
  void Pool(const Step& step, const Range& pictures, Arena* arena,
            at::Tensor* features) const;
  void Grow(int pictures, Arena* arena) const;
  void RunAll(const at::Tensor& images, Arena* arena,
              at::Tensor* features) const;

  const TileUnit unit_;
  const FeatureSizes sizes_;
  std::vector<TileMap> maps_;
  size_t split_;  ///< steps before it run picture by picture
  TileArena layout_;
  int input_ = 0;
  std::vector<Step> steps_;
  int64_t overrun_ = 0;        ///< values that steps may read beyond the arena
  std::vector<Arena> arenas_;  ///< one for each thread that has pictures
};

}  // namespace graphiqa
