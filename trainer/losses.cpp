// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "losses.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <map>

namespace graphiqa {
namespace {

constexpr double kCorrelationEpsilon = 1e-6;
constexpr double kScaleBend = 0.2;

/// Positions of each data set that has at least two pictures.
std::vector<at::Tensor> PositionsBySet(const std::vector<int>& sets) {
  std::map<int, std::vector<int64_t>> positions;
  for (size_t i = 0; i < sets.size(); ++i) {
    positions[sets[i]].push_back(static_cast<int64_t>(i));
  }
  std::vector<at::Tensor> tensors;
  for (const auto& [set, list] : positions) {
    if (list.size() > 1) tensors.push_back(at::tensor(list));
  }
  return tensors;
}

/// Cross-entropy over views, undistorted pictures at their own weight.
at::Tensor TypeLoss(const DistortedOutputs& outputs,
                    const DistortionLabels& labels, double none_weight,
                    int none) {
  const int64_t views = outputs.logits.size(1);
  const int64_t types = outputs.logits.size(2);
  at::Tensor weights = at::ones({types}, outputs.logits.options());
  if (none >= 0) weights[none] = none_weight;
  const at::Tensor wanted =
      labels.types.unsqueeze(1).expand({-1, views}).reshape({-1});
  return at::cross_entropy_loss(outputs.logits.flatten(0, 1), wanted, weights);
}

}  // namespace

at::Tensor PlccLoss(const at::Tensor& prediction, const at::Tensor& target) {
  const at::Tensor p = prediction - prediction.mean();
  const at::Tensor t = target - target.mean();
  const at::Tensor scale = (p.square().mean() + kCorrelationEpsilon).sqrt() *
                           (t.square().mean() + kCorrelationEpsilon).sqrt();
  return 1 - (p * t).mean() / scale;
}

at::Tensor PairLoss(const at::Tensor& prediction, const at::Tensor& target) {
  const at::Tensor above =
      (target.unsqueeze(1) > target.unsqueeze(0)).to(prediction.scalar_type());
  const at::Tensor difference =
      prediction.unsqueeze(1) - prediction.unsqueeze(0);
  return (at::softplus(-difference) * above).sum() / above.sum().clamp_min(1);
}

at::Tensor BentScale(const at::Tensor& s) {
  const at::Tensor size = s.abs();
  const at::Tensor bent = size.square() / (2 * kScaleBend) + kScaleBend / 2;
  return at::where(size < kScaleBend, bent, size);
}

at::Tensor GaussianLoss(const at::Tensor& mu, const at::Tensor& s,
                        const at::Tensor& target) {
  const at::Tensor variance = BentScale(s).square();
  return 0.5 * (variance.log() + (target - mu).square() / variance).mean();
}

at::Tensor ScaleLoss(const at::Tensor& mu, const at::Tensor& s,
                     const at::Tensor& target) {
  const at::Tensor scale = BentScale(s);
  const at::Tensor variance = scale.square();
  const at::Tensor nll =
      0.5 * (variance.log() + (target - mu).square() / variance);
  return (scale.detach() * nll).mean();
}

at::Tensor RankLoss(const at::Tensor& better, const at::Tensor& worse,
                    const at::Tensor& strength, double margin) {
  return (margin * strength - (better - worse)).clamp_min(0).mean();
}

at::Tensor RatedLoss(const RatedOutputs& outputs, const LossOptions& options) {
  const at::Tensor prediction = outputs.mu.mean(1);
  const at::Tensor& targets = outputs.targets;
  at::Tensor loss = at::zeros({}, prediction.options());
  if (options.smooth_l1 > 0) {
    loss = loss + options.smooth_l1 * at::smooth_l1_loss(prediction, targets);
  }
  if (options.mse > 0) {
    loss = loss + options.mse * at::mse_loss(prediction, targets);
  }
  const auto positions = PositionsBySet(outputs.sets);
  for (const at::Tensor& position : positions) {
    const double share = static_cast<double>(position.size(0)) /
                         static_cast<double>(targets.size(0));
    const at::Tensor p = prediction.index_select(0, position);
    const at::Tensor t = targets.index_select(0, position);
    if (options.plcc > 0) loss = loss + options.plcc * share * PlccLoss(p, t);
    if (options.pair > 0) loss = loss + options.pair * share * PairLoss(p, t);
  }
  if (options.scale > 0) {
    loss = loss + options.scale * ScaleLoss(outputs.mu.detach(), outputs.s,
                                            targets.unsqueeze(1));
  }
  if (options.nll > 0) {
    loss = loss + options.nll * GaussianLoss(prediction,
                                             outputs.s.abs().mean(1), targets);
  }
  return loss;
}

at::Tensor DistortedLoss(const DistortedOutputs& outputs,
                         const DistortionLabels& labels,
                         const LossOptions& options, double floor, int none) {
  at::Tensor loss = at::zeros({}, outputs.level.options());
  if (options.type > 0) {
    loss = loss + options.type * TypeLoss(outputs, labels, options.none, none);
  }
  if (options.level > 0) {
    loss = loss + options.level *
                      at::smooth_l1_loss(
                          outputs.level,
                          labels.levels.unsqueeze(1).expand_as(outputs.level));
  }
  if (!labels.originals.defined()) return loss;
  const at::Tensor prediction = outputs.mu.mean(1);
  if (options.relative > 0) {
    const at::Tensor target = floor + labels.ratios * (labels.anchors - floor);
    loss = loss + options.relative * at::smooth_l1_loss(prediction, target);
  }
  if (options.rank > 0) {
    // Not the originals themselves: at a difference of 0 they would be pushed.
    const at::Tensor copies = at::nonzero(labels.ratios < 1).reshape({-1});
    if (copies.numel() == 0) return loss;
    const at::Tensor original =
        prediction.detach().index_select(0, labels.originals);
    const at::Tensor strength = 1 - labels.ratios.index_select(0, copies);
    loss = loss + options.rank * RankLoss(original.index_select(0, copies),
                                          prediction.index_select(0, copies),
                                          strength, options.margin);
  }
  return loss;
}

}  // namespace graphiqa
