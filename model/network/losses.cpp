// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "losses.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/triplet_margin_loss.h>

namespace graphiqa {

at::Tensor SampleGaussian(const at::Tensor& mu, const at::Tensor& s,
                          const at::Tensor& noise) {
  return mu + noise * s;
}

at::Tensor TripletLoss(const at::Tensor& anchor, const at::Tensor& positive,
                       const at::Tensor& negative, double margin) {
  return at::triplet_margin_loss(anchor, positive, negative, margin, 2.0, 1e-6);
}

at::Tensor SquaredError(const at::Tensor& prediction, const at::Tensor& label) {
  return at::mse_loss(prediction, label);
}

at::Tensor TypeLoss(const at::Tensor& logits, const at::Tensor& types) {
  return at::cross_entropy_loss(logits, types);
}

PretrainLosses PretrainLoss(const PretrainBatch& batch,
                            const PretrainWeights& weights) {
  PretrainLosses losses;
  losses.triplet = TripletLoss(batch.anchor_code, batch.positive_code,
                               batch.negative_code, weights.margin);
  losses.level = SquaredError(batch.level, batch.levels);
  losses.total =
      weights.triplet * losses.triplet + weights.level * losses.level;
  if (weights.type != 0) {
    losses.type = TypeLoss(batch.logits, batch.types);
    losses.total = losses.total + weights.type * losses.type;
  }
  return losses;
}

}  // namespace graphiqa
