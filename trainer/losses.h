// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What finetuning minimises. Predictions and targets are in units of the
/// training ratings' deviation.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace graphiqa {

/// 1 - Pearson correlation over the batch, [] float in [0, 2]. A batch whose
/// predictions or targets are (nearly) equal gives a finite value near 1.
/// @param prediction,target  [N], N >= 2
at::Tensor PlccLoss(const at::Tensor& prediction, const at::Tensor& target);

/// Negative log-likelihood of a Gaussian with mean mu (taken as constant) and
/// scale |s|, floored at 0.05; so only s learns from it.
/// @param mu,s,target  [N]
at::Tensor ScaleLoss(const at::Tensor& mu, const at::Tensor& s,
                     const at::Tensor& target);

/// Mean of max(0, margin * strength - (better - worse)).
/// @param better,worse  [D]
/// @param strengths     D values
at::Tensor RankLoss(const at::Tensor& better, const at::Tensor& worse,
                    const std::vector<double>& strengths, double margin);

/// Weights of the parts; a part of weight 0 is not computed.
struct LossOptions {
  double smooth_l1 = 1.0;  ///< of the picture's mean prediction
  double plcc = 1.0;
  double scale = 0.1;   ///< ScaleLoss() of every view
  double rank = 1.0;    ///< RankLoss(), where there are worse copies
  double margin = 1.5;  ///< of RankLoss()
};

/// The network's outputs for (B + D) * V views and what they should be.
struct LossInputs {
  at::Tensor mu;       ///< [(B + D), V]
  at::Tensor s;        ///< [(B + D), V]
  at::Tensor targets;  ///< [B]
  std::vector<int64_t> originals;
  std::vector<double> strengths;
};

/// Weighted sum, [].
at::Tensor FinetuneLoss(const LossInputs& inputs, const LossOptions& options);

}  // namespace graphiqa
