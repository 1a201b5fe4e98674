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

/// What multiplies in convolutions, and the results of a TilePlan differ in the
/// order of sums by it.
enum class TileUnit {
  kDot,  ///< AVX512-BF16: VectorsAvailable()
  kAmx,  ///< AmxAvailable()
};

/// The faster one; VectorsAvailable().
TileUnit BestTileUnit();

/// A plan in bfloat16 for CPUs that multiply it: convolutions with all that
/// follows them in one pass, over maps whose borders and places are fixed when
/// the plan is made. Sums are float; weights of depthwise
/// convolutions and all biases stay float. Needs VectorsAvailable().
class TilePlan : public BackbonePlan {
 public:
  /// Whether all operators are such that kernels exist for them.
  /// @param graph  fused with PadRule::kAsIs
  static bool CanRun(const PlanGraph& graph);

  /// @param network  evaluation mode, CPU; its weights are copied
  /// @param graph    of its backbone, CanRun(); best after ThinOut()
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

  Bits16* Values(int slot, int picture);
  void TakeImages(const at::Tensor& images, const Range& pictures);
  void Run(const Step& step, const Range& pictures);
  void RunConv(const TileConv& conv, const TileData& data) const;
  void Pool(const Step& step, const Range& pictures, at::Tensor* features);
  void Grow(int pictures);

  const TileUnit unit_;
  const FeatureSizes sizes_;
  std::vector<TileMap> maps_;
  size_t split_;  ///< steps before it run picture by picture
  TileArena arena_;
  int input_ = 0;
  std::vector<Step> steps_;
  int64_t overrun_ = 0;  ///< values that steps may read beyond the arena
  int pictures_ = 0;     ///< of the batch
  TileVector<Bits16> memory_;
};

}  // namespace graphiqa
