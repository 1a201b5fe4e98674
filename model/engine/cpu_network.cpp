// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "cpu_network.h"

#include <ATen/core/grad_mode.h>

#ifdef GRAPHIQA_TILES
#include "tiles/packed_heads.h"
#include "tiles/tiles_available.h"
#endif

namespace graphiqa {
namespace {

using HeadFunction = std::function<HeadOutputs(const at::Tensor& features)>;

#ifdef GRAPHIQA_TILES
template <typename Weight>
HeadFunction MakePackedHeads(const Network& network) {
  const auto heads = std::make_shared<const PackedHeads<Weight>>(network);
  return [heads](const at::Tensor& features) { return heads->Run(features); };
}
#endif

HeadFunction MakeHeads(const std::shared_ptr<Network>& network,
                       [[maybe_unused]] at::ScalarType dtype) {
#ifdef GRAPHIQA_TILES
  if (VectorsAvailable()) {
    return dtype == at::kBFloat16 ? MakePackedHeads<Half16>(*network)
                                  : MakePackedHeads<float>(*network);
  }
#endif
  return [network](const at::Tensor& features) {
    return network->Heads(network->Project(features), GraphForm::kRow,
                          EdgeSummary::kDiagonal);
  };
}

}  // namespace

CpuNetwork::CpuNetwork(const std::shared_ptr<Network>& network, int64_t size_px,
                       at::ScalarType dtype)
    : plan_(MakeCpuPlan(*network, size_px, dtype)),
      heads_(MakeHeads(network, dtype)) {}

HeadOutputs CpuNetwork::Infer(const at::Tensor& images) {
  const at::NoGradGuard no_grad;
  return heads_(plan_->Features(images));
}

}  // namespace graphiqa
