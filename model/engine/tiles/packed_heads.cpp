// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "packed_heads.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include <map>
#include <string>

#include "network/model_file.h"

namespace graphiqa {
namespace {

using State = std::map<std::string, at::Tensor>;

State StateOf(const Network& network) {
  State state;
  for (const auto& [name, tensor] : StateDict(network)) state[name] = tensor;
  return state;
}

at::Tensor Floats(const State& state, const std::string& name) {
  return state.at(name).detach().to(at::kFloat).contiguous();
}

/// The layer of that name; without "bias" it has none.
template <typename Weight>
HeadLinear<Weight> Layer(const State& state, const std::string& name,
                         bool relu) {
  const at::Tensor weight = Floats(state, name + ".weight");
  at::Tensor bias;
  if (state.count(name + ".bias") > 0) bias = Floats(state, name + ".bias");
  return MakeHeadLinear<Weight>(
      weight.const_data_ptr<float>(),
      bias.defined() ? bias.const_data_ptr<float>() : nullptr,
      static_cast<int>(weight.size(0)), static_cast<int>(weight.size(1)), relu);
}

/// Layers with a ReLU between them.
template <typename Weight>
std::vector<HeadLinear<Weight>> Layers(const State& state,
                                       const std::string& prefix,
                                       const std::vector<std::string>& names) {
  std::vector<HeadLinear<Weight>> layers;
  for (const std::string& name : names) {
    layers.push_back(Layer<Weight>(state, prefix + name, !layers.empty()));
  }
  return layers;
}

template <typename Weight>
at::Tensor RunLayer(const HeadLinear<Weight>& layer, const at::Tensor& x) {
  at::Tensor y = at::empty({x.size(0), layer.out}, at::kFloat);
  const LinearRows rows{x.const_data_ptr<float>(), x.stride(0),
                        y.mutable_data_ptr<float>(), y.stride(0),
                        static_cast<int>(x.size(0))};
  at::parallel_for(0, layer.Blocks(), 1, [&](int64_t begin, int64_t end) {
    RunHeadLinearAvx512(layer, rows, static_cast<int>(begin),
                        static_cast<int>(end));
  });
  return y;
}

template <typename Weight>
at::Tensor RunLayers(const std::vector<HeadLinear<Weight>>& layers,
                     at::Tensor x) {
  for (const HeadLinear<Weight>& layer : layers) x = RunLayer(layer, x);
  return x;
}

}  // namespace

template <typename Weight>
PackedHeads<Weight>::PackedHeads(const Network& network) {
  const State state = StateOf(network);
  const std::string graph = "domainlevelgraph.";
  if (state.count("extractor.projector.weight") > 0) {
    projector_ = Layers<Weight>(state, "extractor.", {"projector"});
    mean_ = Floats(state, "extractor.projector.mean");
    deviation_ =
        Floats(state, "extractor.projector.std").clamp_min(kDeviationFloor);
  }
  node_ = Layers<Weight>(state, graph + "gcn_v.fc.", {"0", "2", "4"});
  edge_ = Layers<Weight>(state, graph + "gcn_e.gcn.", {"W1", "W2", "W3"});
  type_ =
      Layers<Weight>(state, graph + "domain_learner.gcn.", {"W1", "W2", "W3"});
  type_.push_back(Layer<Weight>(state, "classifier", false));
  level_ = Layers<Weight>(state, graph + "hyperpred.fc.", {"0", "2"});
  mos_ = Layers<Weight>(state, "hyperpredmos.fc.", {"0", "2"});
}

template <typename Weight>
at::Tensor PackedHeads<Weight>::Project(const at::Tensor& features) const {
  if (projector_.empty()) return features;
  const at::Tensor standard =
      ((features - mean_) / deviation_).clamp(-kFeatureClamp, kFeatureClamp);
  return RunLayers(projector_, standard);
}

template <typename Weight>
HeadOutputs PackedHeads<Weight>::Run(const at::Tensor& features) const {
  const at::NoGradGuard no_grad;
  const at::Tensor x = Project(features.contiguous());
  const at::Tensor v = RunLayers(node_, x);
  const at::Tensor square = x * x;
  // Of the unit vector, whose length counts as at least 1e-12.
  const at::Tensor edge = RunLayers(
      edge_, square / square.sum(1, /*keepdim=*/true).clamp_min(1e-24));
  const at::Tensor nodes = at::cat({v, edge}, 1);
  const at::Tensor level = RunLayers(level_, nodes);
  const at::Tensor mos = RunLayers(mos_, nodes);
  HeadOutputs outputs;
  outputs.level_mu = level.narrow(1, 0, 1);
  outputs.level_s = level.narrow(1, 1, 1);
  outputs.mos_mu = mos.narrow(1, 0, 1);
  outputs.mos_s = mos.narrow(1, 1, 1);
  outputs.type_logits = RunLayers(type_, v);
  return outputs;
}

template class PackedHeads<Half16>;
template class PackedHeads<float>;

}  // namespace graphiqa
