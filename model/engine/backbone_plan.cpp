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

/// @returns null where this backbone is not made for tiles
template <typename Value>
std::unique_ptr<BackbonePlan> MakeTilePlan(Network& network, int64_t size_px,
                                           TileUnit unit) {
  PlanGraph graph = TraceBackbone(network.backbone(), size_px);
  FuseOperators(&graph, PadRule::kAsIs);
  if (!TilesCanRun(graph)) return nullptr;
  // Vectors take pixels from anywhere.
  if (unit == TileUnit::kAmx) ThinOut(&graph);
  return std::make_unique<TilePlan<Value>>(network, graph, size_px, unit);
}

/// @returns null where this CPU has no kernels for it either
std::unique_ptr<BackbonePlan> TryTilePlan(Network& network, int64_t size_px,
                                          at::ScalarType dtype) {
  if (dtype == at::kBFloat16 && Bf16VectorsAvailable()) {
    return MakeTilePlan<Bits16>(network, size_px, BestTileUnit());
  }
  if (dtype == at::kFloat && VectorsAvailable()) {
    return MakeTilePlan<float>(network, size_px, TileUnit::kVectors);
  }
  return nullptr;
}

}  // namespace
#endif

std::unique_ptr<BackbonePlan> MakeCpuPlan(Network& network, int64_t size_px,
                                          at::ScalarType dtype) {
#ifdef GRAPHIQA_TILES
  auto plan = TryTilePlan(network, size_px, dtype);
  if (plan) return plan;
#endif
  return std::make_unique<FusedPlan>(network, size_px, dtype);
}

}  // namespace graphiqa
