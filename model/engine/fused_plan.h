// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "backbone_plan.h"
#include "network/network.h"
#include "plan_layout.h"
#include "plan_op.h"

namespace graphiqa {

/// The backbone of a network with its pooling, compiled to LibTorch's fused
/// oneDNN operators: convolutions with batch norm, addition and activation in
/// one pass over channels-last activations, weights laid out once. Not
/// thread-safe.
class FusedPlan : public BackbonePlan {
 public:
  /// @param network  evaluation mode, CPU; its weights are copied
  /// @param size_px  side of the network's input
  /// @param dtype    kFloat or kBFloat16, of weights and activations
  /// @throws Error(kUsage) when the backbone does something that plans do not
  ///   know
  FusedPlan(Network& network, int64_t size_px, at::ScalarType dtype);

  at::Tensor Features(const at::Tensor& images) override;

 private:
  struct Step {
    PlanOp op;
    std::vector<PlanPooling> poolings;  ///< of the result
    std::vector<int> free;              ///< slots that nobody reads later
    bool in_place = false;  ///< the second operand's memory takes the result
  };

  void LayOutWeights(int64_t size_px);
  at::Tensor Compute(const Step& step, std::vector<at::Tensor>* slots) const;

  at::ScalarType dtype_;
  const FeatureSizes sizes_;
  int input_ = 0;
  int slots_ = 0;
  std::vector<Step> steps_;
};

}  // namespace graphiqa
