// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

#include "network/network.h"

namespace graphiqa {

/// The backbone of a network with its pooling, compiled for one size of images.
/// Not thread-safe.
class BackbonePlan {
 public:
  virtual ~BackbonePlan() = default;

  /// What Network::Features() computes.
  /// @param images  [N,3,S,S] float32, RGB, normalised; channels-last is best
  /// @returns [N,feature_size] float32
  virtual at::Tensor Features(const at::Tensor& images) = 0;
};

/// The columns of features, and what those of PictureStatistics() want.
class FeatureSizes {
 public:
  explicit FeatureSizes(const ArchitectureInfo& architecture);

  /// Features of which the statistics are filled in.
  at::Tensor Start(const at::Tensor& images) const;

 private:
  int64_t all_;
  int64_t statistics_;  ///< the last columns
  ColourScale scale_;
};

/// The fastest plan there is for this CPU.
/// @param network  evaluation mode, CPU; its weights are copied
/// @param size_px  side of the network's input
/// @param dtype    kFloat or kBFloat16, of weights and activations
/// @throws Error(kUsage) when the backbone does something that plans do not
///   know
std::unique_ptr<BackbonePlan> MakeCpuPlan(Network& network, int64_t size_px,
                                          at::ScalarType dtype);

}  // namespace graphiqa
