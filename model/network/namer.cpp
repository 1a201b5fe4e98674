// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "namer.h"

namespace graphiqa {
namespace {

std::vector<int64_t> Layers(int64_t statistics,
                            const std::vector<int64_t>& hidden, int64_t types) {
  std::vector<int64_t> sizes{statistics};
  sizes.insert(sizes.end(), hidden.begin(), hidden.end());
  sizes.push_back(2 * types);
  return sizes;
}

}  // namespace

NamerImpl::NamerImpl(int64_t statistics, const std::vector<int64_t>& hidden,
                     int64_t types)
    : mean_(register_buffer("mean", at::zeros({statistics}))),
      std_(register_buffer("std", at::ones({statistics}))),
      fc_(register_module("fc", Mlp(Layers(statistics, hidden, types)))) {}

at::Tensor NamerImpl::Standardise(const at::Tensor& statistics) const {
  return ((statistics - mean_) / std_.clamp_min(kDeviationFloor))
      .clamp(-kFeatureClamp, kFeatureClamp);
}

NamerOutputs NamerImpl::forward(const at::Tensor& features) {
  const int64_t columns = mean_.size(0);
  return Read(fc_(
      Standardise(features.narrow(1, features.size(1) - columns, columns))));
}

void NamerImpl::SetStatistics(const at::Tensor& mean,
                              const at::Tensor& deviation) {
  mean_.copy_(mean);
  std_.copy_(deviation.clamp_min(kDeviationFloor));
}

NamerOutputs NamerImpl::Read(const at::Tensor& y) {
  const int64_t types = y.size(1) / 2;
  NamerOutputs outputs;
  outputs.type_logits = y.narrow(1, 0, types);
  outputs.levels = y.narrow(1, types, types);
  outputs.level = (at::softmax(outputs.type_logits, 1) * outputs.levels)
                      .sum(1, /*keepdim=*/true);
  return outputs;
}

}  // namespace graphiqa
