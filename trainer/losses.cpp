// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "losses.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

namespace graphiqa {
namespace {

constexpr double kCorrelationEpsilon = 1e-6;
constexpr double kScaleFloor = 0.05;

}  // namespace

at::Tensor PlccLoss(const at::Tensor& prediction, const at::Tensor& target) {
  const at::Tensor p = prediction - prediction.mean();
  const at::Tensor t = target - target.mean();
  const at::Tensor scale = (p.square().mean() + kCorrelationEpsilon).sqrt() *
                           (t.square().mean() + kCorrelationEpsilon).sqrt();
  return 1 - (p * t).mean() / scale;
}

at::Tensor ScaleLoss(const at::Tensor& mu, const at::Tensor& s,
                     const at::Tensor& target) {
  const at::Tensor variance = s.square() + kScaleFloor * kScaleFloor;
  const at::Tensor error = (target - mu.detach()).square();
  return 0.5 * (variance.log() + error / variance).mean();
}

at::Tensor RankLoss(const at::Tensor& better, const at::Tensor& worse,
                    const std::vector<double>& strengths, double margin) {
  const at::Tensor wanted = margin * at::tensor(strengths, better.options());
  return (wanted - (better - worse)).clamp_min(0).mean();
}

at::Tensor FinetuneLoss(const LossInputs& inputs, const LossOptions& options) {
  const int64_t pictures = inputs.targets.size(0);
  const at::Tensor means = inputs.mu.mean(1);
  const at::Tensor prediction = means.narrow(0, 0, pictures);
  at::Tensor loss = at::zeros({}, prediction.options());
  if (options.smooth_l1 > 0) {
    loss = loss +
           options.smooth_l1 * at::smooth_l1_loss(prediction, inputs.targets);
  }
  if (options.plcc > 0 && pictures > 1) {
    loss = loss + options.plcc * PlccLoss(prediction, inputs.targets);
  }
  if (options.scale > 0) {
    const at::Tensor mu = inputs.mu.narrow(0, 0, pictures);
    const at::Tensor s = inputs.s.narrow(0, 0, pictures);
    loss = loss + options.scale * ScaleLoss(mu, s, inputs.targets.unsqueeze(1));
  }
  if (options.rank > 0 && !inputs.originals.empty()) {
    // Only the copy moves: originals follow their ratings alone.
    const at::Tensor better =
        prediction.detach().index_select(0, at::tensor(inputs.originals));
    const at::Tensor worse =
        means.narrow(0, pictures, means.size(0) - pictures);
    loss = loss + options.rank *
                      RankLoss(better, worse, inputs.strengths, options.margin);
  }
  return loss;
}

}  // namespace graphiqa
