// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "engine/plan_layout.h"
#include "engine/plan_op.h"
#include "kernels.h"
#include "network/network.h"
#include "plan_prepare.h"

namespace graphiqa::cuda {

/// The backbone of a network with its pooling on one GPU: convolutions with
/// batch norm, addition and activation in one pass where cuDNN can, in one more
/// pass where it cannot; channels-last. The graph of operators is the one that
/// the CPU's FusedPlan runs. Nothing in Features() waits for the device, so it
/// can be captured. Not thread-safe.
class CudaPlan {
 public:
  /// @param network  evaluation mode, CPU; its weights are copied
  /// @param size_px  side of the network's input
  /// @param options  device with its index, and kFloat, kHalf or kBFloat16
  /// @throws Error(kUsage) when the backbone does something that plans do not
  ///   know; c10::OutOfMemoryError
  CudaPlan(Network& network, int64_t size_px, const at::TensorOptions& options);

  /// What Network::Features() computes.
  /// @param images  [N,3,S,S] of the plan's device and InputType(),
  ///   channels-last
  /// @returns [N,feature_size] float32
  at::Tensor Features(const at::Tensor& images) const;

  /// float32 where the features have statistics of the pictures themselves;
  /// else the plan's type.
  at::ScalarType InputType() const;

 private:
  struct Step {
    PlanOp op;        ///< weights on the device
    at::Tensor bias;  ///< float32, of the module's own kernels
    bool depthwise = false;
    UnevenPadding padding;              ///< of depthwise convolutions
    int64_t reach[2] = {0, 0};          ///< see Reach(); height, width
    std::vector<PlanPooling> poolings;  ///< of the result
    std::vector<int> free;              ///< slots that nobody reads later
  };

  void MoveToDevice(Step* step) const;
  at::Tensor Compute(const Step& step,
                     const std::vector<at::Tensor>& slots) const;
  at::Tensor Conv(const Step& step, const at::Tensor& x,
                  const at::Tensor& addend) const;
  at::Tensor Depthwise(const Step& step, const at::Tensor& x) const;
  void Pool(const PlanPooling& pooling, const at::Tensor& map,
            at::Tensor* features) const;
  void AddStatistics(const at::Tensor& images, at::Tensor* features) const;

  const at::TensorOptions options_;
  const int64_t feature_size_;
  const int64_t statistics_;  ///< of them, those of the pictures: the last
  Normalisation scale_;
  int input_ = 0;
  int slots_ = 0;
  std::vector<Step> steps_;
};

}  // namespace graphiqa::cuda
