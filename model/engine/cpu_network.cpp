// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "cpu_network.h"

#include <ATen/core/grad_mode.h>

#include <utility>

#ifdef GRAPHIQA_TILES
#include "tiles/half_heads.h"
#include "tiles/tiles_available.h"
#endif

namespace graphiqa {

#ifdef GRAPHIQA_TILES
namespace {

std::unique_ptr<HalfHeads> MakeHeads(const Network& network,
                                     at::ScalarType dtype) {
  if (dtype != at::kBFloat16 || !TilesAvailable()) return nullptr;
  return std::make_unique<HalfHeads>(network);
}

}  // namespace
#else
class HalfHeads {
 public:
  HeadOutputs Run(const at::Tensor&) const { return {}; }
};

namespace {

std::unique_ptr<HalfHeads> MakeHeads(const Network&, at::ScalarType) {
  return nullptr;
}

}  // namespace
#endif

CpuNetwork::CpuNetwork(std::shared_ptr<Network> network, int64_t size_px,
                       at::ScalarType dtype)
    : network_(std::move(network)),
      plan_(MakeCpuPlan(*network_, size_px, dtype)),
      heads_(MakeHeads(*network_, dtype)) {}

CpuNetwork::~CpuNetwork() = default;

HeadOutputs CpuNetwork::Infer(const at::Tensor& images) {
  const at::NoGradGuard no_grad;
  const at::Tensor features = plan_->Features(images);
  if (heads_) return heads_->Run(features);
  return network_->Heads(network_->Project(features), GraphForm::kRow,
                         EdgeSummary::kDiagonal);
}

}  // namespace graphiqa
