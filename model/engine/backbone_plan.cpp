// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "backbone_plan.h"

#include <ATen/Functions.h>

#include "fused_plan.h"
#include "plan_fusion.h"
#include "plan_trace.h"
#ifdef GRAPHIQA_TILES
#include "tiles/tile_plan.h"
#include "tiles/tiles_available.h"
#endif

namespace graphiqa {

FeatureSizes::FeatureSizes(const ArchitectureInfo& architecture)
    : all_(architecture.feature_size),
      statistics_(StatisticsSize(architecture.features)),
      scale_(ColourScaleOf(architecture)) {}

at::Tensor FeatureSizes::Start(const at::Tensor& images) const {
  at::Tensor features = at::empty({images.size(0), all_}, at::kFloat);
  if (statistics_ > 0) {
    features.narrow(1, all_ - statistics_, statistics_)
        .copy_(PictureStatistics(images, scale_));
  }
  return features;
}

#ifdef GRAPHIQA_TILES
namespace {

/// @returns null where this CPU or this backbone is not made for tiles
std::unique_ptr<BackbonePlan> MakeTilePlan(Network& network, int64_t size_px) {
  if (!VectorsAvailable()) return nullptr;
  const TileUnit unit = BestTileUnit();
  PlanGraph graph = TraceBackbone(network.backbone(), size_px);
  FuseOperators(&graph, PadRule::kAsIs);
  if (!TilePlan::CanRun(graph)) return nullptr;
  // Dot products take pixels from anywhere.
  if (unit == TileUnit::kAmx) ThinOut(&graph);
  return std::make_unique<TilePlan>(network, graph, size_px, unit);
}

}  // namespace
#endif

std::unique_ptr<BackbonePlan> MakeCpuPlan(Network& network, int64_t size_px,
                                          at::ScalarType dtype) {
#ifdef GRAPHIQA_TILES
  if (dtype == at::kBFloat16) {
    auto plan = MakeTilePlan(network, size_px);
    if (plan) return plan;
  }
#endif
  return std::make_unique<FusedPlan>(network, size_px, dtype);
}

}  // namespace graphiqa
