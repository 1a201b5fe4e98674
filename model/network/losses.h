// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// The losses of GraphIQA (arXiv 2103.07666, section 3; released code
/// geekyutao/GraphIQA @727cbef), shared by trainer and golden tests.
#pragma once

#include <ATen/core/Tensor.h>

namespace graphiqa {

/// A draw from the Gaussian of a head: mu + noise * s, all [N,1].
at::Tensor SampleGaussian(const at::Tensor& mu, const at::Tensor& s,
                          const at::Tensor& noise);

/// max(0, d(anchor, positive) - d(anchor, negative) + margin) with
/// d(u, v) = ||u - v + 1e-6||_2: 1e-6 is added to every element.
/// @param anchor,positive,negative  [P] type codes
/// @returns scalar
at::Tensor TripletLoss(const at::Tensor& anchor, const at::Tensor& positive,
                       const at::Tensor& negative, double margin);

/// Mean squared error, the level's and the MOS's. Both [N,1]; returns scalar.
at::Tensor SquaredError(const at::Tensor& prediction, const at::Tensor& label);

/// Mean cross-entropy of the type head.
/// @param logits  [N,T] float
/// @param types   [N] int64, within [0, T)
at::Tensor TypeLoss(const at::Tensor& logits, const at::Tensor& types);

/// Weights of the pretraining loss; the defaults are the released code's.
struct PretrainWeights {
  double triplet = 1.0;
  double level = 0.25;
  double type = 0.0;    ///< ours: 0 gives the released loss
  double margin = 0.1;  ///< of the triplet
};

/// What the pretraining loss is made of. All but `types` are needed.
struct PretrainBatch {
  at::Tensor anchor_code, positive_code, negative_code;  ///< [P]
  at::Tensor level;   ///< [N,1] predicted (sampled) level of the anchor
  at::Tensor levels;  ///< [N,1] true levels, 1 to 5
  at::Tensor logits;  ///< [N,T] of the anchor; needed when weights.type != 0
  at::Tensor types;   ///< [N] int64; needed when weights.type != 0
};

/// The parts and their weighted sum, scalars. `type` is undefined when its
/// weight is 0.
struct PretrainLosses {
  at::Tensor triplet, level, type, total;
};

PretrainLosses PretrainLoss(const PretrainBatch& batch,
                            const PretrainWeights& weights);

}  // namespace graphiqa
