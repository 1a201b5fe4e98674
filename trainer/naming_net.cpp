// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "naming_net.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <torch/utils.h>

#include "adamw.h"
#include "interrupt.h"
#include "ridge.h"

namespace graphiqa {
namespace {

constexpr double kClip = 5.0;
constexpr double kWarmup = 0.05;
constexpr int64_t kNamedAtOnce = 4096;

/// Weights that follow those that are trained.
class Averaged {
 public:
  Averaged(const NamedTensors& parameters, double decay)
      : parameters_(parameters), decay_(decay) {
    const at::NoGradGuard no_grad;
    for (const auto& [name, tensor] : parameters_) {
      averages_.push_back(tensor.detach().clone());
    }
  }

  void Follow() {
    const at::NoGradGuard no_grad;
    // The first steps would else weigh for long.
    const double decay = std::min(decay_, (1.0 + steps_) / (10.0 + steps_));
    ++steps_;
    for (size_t i = 0; i < averages_.size(); ++i) {
      averages_[i].lerp_(parameters_[i].second.detach(), 1 - decay);
    }
  }

  /// Exchanges them with those that are trained.
  void Swap() {
    const at::NoGradGuard no_grad;
    for (size_t i = 0; i < averages_.size(); ++i) {
      const at::Tensor trained = parameters_[i].second.detach().clone();
      parameters_[i].second.copy_(averages_[i]);
      averages_[i] = trained;
    }
  }

 private:
  NamedTensors parameters_;
  std::vector<at::Tensor> averages_;
  double decay_;
  double steps_ = 0;
};

at::Tensor Linear(const at::Tensor& x, const at::Tensor& weight,
                  const at::Tensor& bias, bool bf16) {
  if (!bf16) return at::linear(x, weight, bias);
  return at::linear(x.to(at::kBFloat16), weight.to(at::kBFloat16),
                    bias.to(at::kBFloat16));
}

/// The namer's layers on standardised statistics, hidden units dropped.
NamerOutputs Forward(const NamedTensors& layers, at::Tensor x,
                     const NamingOptions& options,
                     const at::Generator& generator) {
  const double kept = 1 - options.dropout;
  for (size_t i = 0; i < layers.size(); i += 2) {
    const bool last = i + 2 == layers.size();
    x = Linear(x, layers[i].second, layers[i + 1].second,
               options.bf16 && !last);
    if (last) break;
    x = x.relu();
    if (options.dropout > 0) {
      x = x * at::empty_like(x).bernoulli_(kept, generator).div_(kept);
    }
    if (i + 4 == layers.size()) x = x.to(at::kFloat);
  }
  return NamerImpl::Read(x);
}

at::Tensor LossOf(const NamerOutputs& outputs, const at::Tensor& types,
                  const at::Tensor& levels, const NamingOptions& options) {
  const at::Tensor named =
      at::cross_entropy_loss(outputs.type_logits, types, {},
                             at::Reduction::Mean, -100, options.smoothing);
  const at::Tensor graded =
      outputs.levels.gather(1, types.unsqueeze(1)).squeeze(1);
  return named + options.level * (graded - levels).square().mean();
}

NamedTensors LayersOf(const Namer& namer) {
  NamedTensors layers;
  for (const auto& item : namer->named_parameters()) {
    layers.emplace_back(item.key(), item.value());
  }
  return layers;
}

void StartNamer(const NamingData& data, uint64_t seed, Namer* namer) {
  const at::NoGradGuard no_grad;
  torch::manual_seed(seed);
  const FeatureStatistics statistics = StatisticsOf(data.statistics);
  (*namer)->SetStatistics(statistics.mean, statistics.deviation);
  for (auto& item : (*namer)->named_parameters()) {
    at::Tensor value = item.value();
    if (value.dim() == 1) {
      value.zero_();
      continue;
    }
    // He et al. 2015: rectified layers keep the variance.
    value.normal_(0, std::sqrt(2.0 / static_cast<double>(value.size(1))));
  }
}

}  // namespace

void TrainNamer(const NamingData& data, const NamingOptions& options,
                uint64_t seed, Namer* namer, const NamingEpoch& on_epoch) {
  StartNamer(data, seed, namer);
  const NamedTensors layers = LayersOf(*namer);
  AdamW optimizer({{layers, options.rate, options.weight_decay}});
  Averaged averaged(layers, options.ema);
  at::Generator generator = at::detail::createCPUGenerator(seed);
  const int64_t count = data.types.size(0);
  const int64_t steps = (count + options.batch - 1) / options.batch;
  for (int epoch = 0; epoch < options.epochs; ++epoch) {
    const std::vector<at::Tensor> chunks =
        at::randperm(count, generator, at::kLong).split(options.batch);
    double sum = 0;
    for (size_t i = 0; i < chunks.size(); ++i) {
      ThrowIfInterrupted();
      const at::Tensor x = (*namer)->Standardise(
          data.statistics.index_select(0, chunks[i]).to(at::kFloat));
      const at::Tensor loss =
          LossOf(Forward(layers, x, options, generator),
                 data.types.index_select(0, chunks[i]),
                 data.levels.index_select(0, chunks[i]), options);
      optimizer.ZeroGrad();
      loss.backward();
      sum += loss.item<double>();
      const double done =
          epoch + static_cast<double>(i) / static_cast<double>(chunks.size());
      optimizer.Step(CosineSchedule(done / options.epochs, kWarmup), kClip);
      averaged.Follow();
    }
    averaged.Swap();
    on_epoch(epoch + 1, sum / static_cast<double>(steps));
    if (epoch + 1 < options.epochs) averaged.Swap();
  }
}

NamedPictures NamePictures(Namer* namer, const at::Tensor& features) {
  const at::NoGradGuard no_grad;
  const int64_t views = features.size(1);
  std::vector<at::Tensor> probabilities;
  std::vector<at::Tensor> levels;
  for (const at::Tensor& part : features.split(kNamedAtOnce)) {
    const NamerOutputs outputs =
        (*namer)->forward(part.flatten(0, 1).to(at::kFloat));
    const int64_t types = outputs.type_logits.size(1);
    probabilities.push_back(at::softmax(outputs.type_logits, 1)
                                .reshape({-1, views, types})
                                .mean(1));
    levels.push_back(outputs.level.reshape({-1, views}).mean(1).clamp(0, 5));
  }
  NamedPictures named;
  named.probabilities = at::cat(probabilities);
  named.types = named.probabilities.argmax(1);
  named.levels = at::cat(levels);
  return named;
}

}  // namespace graphiqa
