// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "cuda_network.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include <map>
#include <string>

namespace graphiqa::cuda {
namespace {

constexpr const char* kProjector = "extractor.projector.";

/// A network of the model's heads alone, on the device.
std::shared_ptr<Network> CopyHeads(const Network& network,
                                   const at::Device& device) {
  ArchitectureInfo architecture = network.architecture();
  architecture.backbone = kNoBackbone;
  architecture.features = kLast;
  architecture.feature_size = architecture.node_size;
  auto heads = std::make_shared<Network>(architecture, Weights::kUninitialised);
  std::map<std::string, at::Tensor> source;
  for (auto& [name, tensor] : StateDict(network)) source[name] = tensor;
  for (auto& [name, tensor] : StateDict(*heads)) {
    tensor.copy_(source.at(name));
  }
  heads->to(device);
  heads->eval();
  return heads;
}

}  // namespace

CudaNetwork::CudaNetwork(const Model& model, const at::TensorOptions& options)
    : plan_(*model.network, model.info.input.views.view_size_px, options) {
  const at::NoGradGuard no_grad;
  heads_ = CopyHeads(*model.network, options.device());
  if (model.network->architecture().features == kLast) return;
  std::map<std::string, at::Tensor> state;
  for (auto& [name, tensor] : StateDict(*model.network)) {
    if (name.rfind(kProjector, 0) == 0) {
      state[name.substr(std::string(kProjector).size())] =
          tensor.to(options.dtype(at::kFloat)).contiguous();
    }
  }
  projector_.mean = state.at("mean");
  projector_.deviation = state.at("std").clamp_min(kDeviationFloor);
  projector_.weight = state.at("weight");
  projector_.bias = state.at("bias");
}

/// As Network::Project().
at::Tensor CudaNetwork::Project(const at::Tensor& features) const {
  if (!projector_.weight.defined()) return features;
  const at::Tensor standardised =
      ((features - projector_.mean) / projector_.deviation)
          .clamp(-kFeatureClamp, kFeatureClamp);
  return at::linear(standardised, projector_.weight, projector_.bias);
}

at::Tensor CudaNetwork::Forward(const at::Tensor& images) const {
  const at::NoGradGuard no_grad;
  const HeadOutputs outputs = heads_->Heads(
      Project(plan_.Features(images)), GraphForm::kRow, EdgeSummary::kDiagonal);
  return at::cat(
      {outputs.mos_mu, outputs.mos_s, outputs.level_mu, outputs.type_logits},
      1);
}

}  // namespace graphiqa::cuda
