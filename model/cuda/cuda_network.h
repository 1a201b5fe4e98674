// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include "cuda_plan.h"
#include "network/model_file.h"

namespace graphiqa::cuda {

/// The whole network on one GPU, row form: backbone in the asked precision,
/// pooling, projection and heads in float32.
class CudaNetwork {
 public:
  /// @param options  device with its index, and the backbone's type
  /// @throws as CudaPlan
  CudaNetwork(const Model& model, const at::TensorOptions& options);

  at::ScalarType InputType() const { return plan_.InputType(); }

  /// @param images  [N,3,S,S] as CudaPlan::Features() wants them
  /// @returns [N, 3 + types] float32, contiguous: MOS mu and s, level mu, the
  ///   type logits
  at::Tensor Forward(const at::Tensor& images) const;

  static constexpr int64_t kMosMu = 0;
  static constexpr int64_t kMosS = 1;
  static constexpr int64_t kLevelMu = 2;
  static constexpr int64_t kTypeLogits = 3;

 private:
  /// `extractor.projector`; undefined for features "last".
  struct Projector {
    at::Tensor mean, deviation, weight, bias;
  };

  at::Tensor Project(const at::Tensor& features) const;

  CudaPlan plan_;
  Projector projector_;
  std::shared_ptr<Network> heads_;  ///< without a backbone
};

}  // namespace graphiqa::cuda
