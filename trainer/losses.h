// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What finetuning minimises. Predictions and targets of quality are in units
/// of the training ratings' deviation. B rated pictures of V views, D distorted
/// ones of W views.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace graphiqa {

/// 1 - Pearson correlation over the batch, [] float in [0, 2]. A batch whose
/// predictions or targets are (nearly) equal gives a finite value near 1.
/// @param prediction,target  [N], N >= 2
at::Tensor PlccLoss(const at::Tensor& prediction, const at::Tensor& target);

/// Pairwise ranking (RankNet, Burges et al. 2005): the mean of
/// log(1 + exp(-(p_i - p_j))) over all pairs with target_i > target_j; 0 where
/// there is none.
/// @param prediction,target  [N]
at::Tensor PairLoss(const at::Tensor& prediction, const at::Tensor& target);

/// |s|, bent below 0.2 deviations of the ratings so that it never falls under
/// 0.1: a scale near zero would make one wrong score outweigh a whole batch.
at::Tensor BentScale(const at::Tensor& s);

/// Negative log-likelihood of a Gaussian with mean mu and scale BentScale(s),
/// without its constant.
/// @param mu,s,target  of one shape
at::Tensor GaussianLoss(const at::Tensor& mu, const at::Tensor& s,
                        const at::Tensor& target);

/// The same for a fixed mean, each element weighted by its scale (beta-NLL of
/// Seitzer et al., ICLR 2022, beta = 0.5), which keeps the gradient of a scale
/// that is far too small within bounds.
/// @param mu,s,target  of one shape
at::Tensor ScaleLoss(const at::Tensor& mu, const at::Tensor& s,
                     const at::Tensor& target);

/// Mean of max(0, margin * strength - (better - worse)).
/// @param better,worse,strength  [D]
at::Tensor RankLoss(const at::Tensor& better, const at::Tensor& worse,
                    const at::Tensor& strength, double margin);

/// Weights of the parts; a part of weight 0 is not computed.
struct LossOptions {
  double smooth_l1 = 1.0;  ///< of the picture's mean prediction
  double mse = 0.0;        ///< the same squared, as the released code
  double plcc = 1.0;       ///< within each data set
  double pair = 0.0;       ///< PairLoss() within each data set
  double scale = 0.1;      ///< ScaleLoss() of every view
  double nll = 0.0;        ///< GaussianLoss() of the picture, mean included
  double relative = 1.0;   ///< smooth L1 of distorted pictures, see below
  double rank = 0.5;       ///< RankLoss() of originals and distorted copies
  double margin = 1.0;     ///< of RankLoss(), times 1 - ratio
  double type = 0.5;       ///< cross-entropy of the type head, per view
  double level = 0.25;     ///< smooth L1 of the level head, per view
  double none = 0.3;       ///< weight of undistorted pictures within `type`
};

/// What the network said about rated pictures and what people said.
struct RatedOutputs {
  at::Tensor mu, s;       ///< [B,V]
  at::Tensor targets;     ///< [B]
  std::vector<int> sets;  ///< B: which data set
};

/// Weighted sum over the rated pictures, [].
at::Tensor RatedLoss(const RatedOutputs& outputs, const LossOptions& options);

/// What is known of distorted pictures.
struct DistortionLabels {
  at::Tensor types;      ///< [D] int64, rows of the type head
  at::Tensor levels;     ///< [D] float, 0-5
  at::Tensor ratios;     ///< [D] float, KadidRatio()
  at::Tensor anchors;    ///< [D] float, what the picture's original scores, in
                         ///< units of the targets; as `originals`
  at::Tensor originals;  ///< [D] int64: where among the D the picture's
                         ///< original is, itself for originals; undefined
                         ///< where originals are not in the batch
};

/// What the network said about them.
struct DistortedOutputs {
  at::Tensor mu;      ///< [D,W]
  at::Tensor level;   ///< [D,W]
  at::Tensor logits;  ///< [D,W,T]
};

/// Weighted sum over distorted pictures, [].
///
/// There are no human scores for them, only KADID's means per type and level,
/// made with other originals. So a copy is to lie on the way from its own
/// original's anchor down to `floor` as KADID's mean lies between the mean of
/// undistorted pictures and the worst answer, and an original at its anchor:
///   target = floor + ratio * (anchor - floor).
/// @param floor  the lowest score, in units of the targets
/// @param none   row of the none class, -1 = there is none
at::Tensor DistortedLoss(const DistortedOutputs& outputs,
                         const DistortionLabels& labels,
                         const LossOptions& options, double floor, int none);

}  // namespace graphiqa
