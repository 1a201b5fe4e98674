// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "adamw.h"

#include <ATen/Functions.h>
#include <torch/optim/adamw.h>

#include <cmath>
#include <map>
#include <string>

#include "error.h"

namespace graphiqa {
namespace {

using torch::optim::AdamWOptions;
using torch::optim::AdamWParamState;
using torch::optim::OptimizerParamGroup;

constexpr double kPi = 3.14159265358979323846;

/// Biases and normalisation weights are not decayed.
void Append(const ParameterGroup& group, bool decayed,
            std::vector<OptimizerParamGroup>* groups,
            std::vector<double>* rates) {
  std::vector<at::Tensor> parameters;
  for (const auto& [name, tensor] : group.parameters) {
    if ((tensor.dim() >= 2) == decayed) parameters.push_back(tensor);
  }
  if (parameters.empty()) return;
  auto options = std::make_unique<AdamWOptions>(group.rate);
  options->weight_decay(decayed ? group.weight_decay : 0);
  groups->emplace_back(parameters, std::move(options));
  rates->push_back(group.rate);
}

}  // namespace

struct AdamW::Impl {
  NamedTensors parameters;
  std::vector<double> rates;
  std::unique_ptr<torch::optim::AdamW> optimizer;
};

AdamW::AdamW(const std::vector<ParameterGroup>& groups)
    : impl_(std::make_unique<Impl>()) {
  std::vector<OptimizerParamGroup> split;
  for (const ParameterGroup& group : groups) {
    impl_->parameters.insert(impl_->parameters.end(), group.parameters.begin(),
                             group.parameters.end());
    for (bool decayed : {true, false}) {
      Append(group, decayed, &split, &impl_->rates);
    }
  }
  impl_->optimizer = std::make_unique<torch::optim::AdamW>(split);
}

AdamW::~AdamW() = default;

void AdamW::ZeroGrad() { impl_->optimizer->zero_grad(); }

std::vector<at::Tensor> AdamW::Gradients() const {
  std::vector<at::Tensor> gradients;
  for (const auto& [name, tensor] : impl_->parameters) {
    if (tensor.grad().defined()) gradients.push_back(tensor.grad());
  }
  return gradients;
}

void AdamW::Step(double scale, double clip) {
  if (!ClipGradients(Gradients(), clip > 0 ? clip : HUGE_VAL)) {
    throw Error(ErrorCode::kNumeric,
                "the gradient is not finite: the learning rate may be too "
                "high");
  }
  auto& groups = impl_->optimizer->param_groups();
  for (size_t i = 0; i < groups.size(); ++i) {
    groups[i].options().set_lr(impl_->rates[i] * scale);
  }
  impl_->optimizer->step();
}

NamedTensors AdamW::State() const {
  NamedTensors state;
  const auto& states = impl_->optimizer->state();
  for (const auto& [name, tensor] : impl_->parameters) {
    const auto found = states.find(tensor.unsafeGetTensorImpl());
    if (found == states.end()) continue;
    const auto& entry = static_cast<const AdamWParamState&>(*found->second);
    state.emplace_back(name + ".exp_avg", entry.exp_avg());
    state.emplace_back(name + ".exp_avg_sq", entry.exp_avg_sq());
    state.emplace_back(name + ".step", at::full({}, entry.step(), at::kLong));
  }
  return state;
}

void AdamW::LoadState(const std::map<std::string, at::Tensor>& state) {
  auto& states = impl_->optimizer->state();
  states.clear();
  for (const auto& [name, tensor] : impl_->parameters) {
    const auto step = state.find(name + ".step");
    if (step == state.end()) continue;
    const auto same_layout = [&shape = tensor](const at::Tensor& from) {
      return at::empty_like(shape).detach().copy_(from);
    };
    auto entry = std::make_unique<AdamWParamState>();
    entry->step(step->second.item<int64_t>());
    entry->exp_avg(same_layout(state.at(name + ".exp_avg")));
    entry->exp_avg_sq(same_layout(state.at(name + ".exp_avg_sq")));
    states[tensor.unsafeGetTensorImpl()] = std::move(entry);
  }
}

bool ClipGradients(const std::vector<at::Tensor>& gradients, double limit) {
  const at::NoGradGuard no_grad;
  std::map<std::string, std::vector<at::Tensor>> norms;  // by device
  for (const at::Tensor& gradient : gradients) {
    norms[gradient.device().str()].push_back(at::linalg_vector_norm(gradient));
  }
  double squares = 0;
  for (const auto& [device, some] : norms) {
    squares += at::stack(some).to(at::kDouble).square().sum().item<double>();
  }
  const double norm = std::sqrt(squares);
  if (!std::isfinite(norm)) return false;
  if (norm <= limit) return true;
  for (at::Tensor gradient : gradients) gradient.mul_(limit / norm);
  return true;
}

double CosineSchedule(double progress, double warmup) {
  if (progress < warmup) return 0.1 + 0.9 * progress / warmup;
  return 0.5 * (1 + std::cos(kPi * (progress - warmup) / (1 - warmup)));
}

}  // namespace graphiqa
