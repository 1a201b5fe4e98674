// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <vector>

#include "modules.h"

namespace graphiqa {

/// What a namer says of views.
struct NamerOutputs {
  at::Tensor type_logits;  ///< [N,T]
  at::Tensor levels;       ///< [N,T] if it were that type
  at::Tensor level;        ///< [N,1] mean of `levels` by the probabilities
};

/// `namer`: names and grades distortions by the statistics of the view alone
/// (ArchitectureInfo::namer), beside the graph, which would learn photographs
/// by heart. Statistics are standardised as ProjectorImpl does.
class NamerImpl : public torch::nn::Module {
 public:
  /// @param hidden  units of each hidden layer, at least one layer
  NamerImpl(int64_t statistics, const std::vector<int64_t>& hidden,
            int64_t types);

  /// @param features  [N, >= statistics], the last columns are looked at
  NamerOutputs forward(const at::Tensor& features);

  /// @param statistics  [N, statistics]
  at::Tensor Standardise(const at::Tensor& statistics) const;

  /// As ProjectorImpl::SetStatistics().
  void SetStatistics(const at::Tensor& mean, const at::Tensor& deviation);

  /// @param y  [N, 2 T] of the last layer
  static NamerOutputs Read(const at::Tensor& y);

 private:
  at::Tensor mean_;
  at::Tensor std_;
  Mlp fc_{nullptr};
};
TORCH_MODULE(Namer);

}  // namespace graphiqa
