// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "widen.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include <map>

#include "error.h"
#include "session.h"

namespace graphiqa {
namespace {

bool Differs(const NetworkOptions& options, const Model& model) {
  return !options.checkpoint.empty() && options.features_stated &&
         options.features != model.info.architecture.features;
}

/// Whether columns are nodes, then an edge's code.
bool ReadsNodesAndEdge(const std::string& name) {
  return name == "hyperpredmos.fc.0.weight" ||
         name == "domainlevelgraph.hyperpred.fc.0.weight";
}

/// Copies an old tensor into the first part of a new one.
void CopyPart(const at::Tensor& from, at::Tensor to) {
  for (int64_t i = 0; i < from.dim(); ++i) to = to.narrow(i, 0, from.size(i));
  to.copy_(from);
}

void CopyState(const Network& from, Network* to) {
  const int64_t old_nodes = from.architecture().node_size;
  const int64_t nodes = to->architecture().node_size;
  std::map<std::string, at::Tensor> source;
  for (auto& [name, tensor] : StateDict(from)) source[name] = tensor;
  for (auto& [name, tensor] : StateDict(*to)) {
    const at::Tensor& old = source.at(name);
    if (ReadsNodesAndEdge(name)) {
      CopyPart(old.slice(1, 0, old_nodes), tensor);
      CopyPart(old.slice(1, old_nodes), tensor.slice(1, nodes));
    } else {
      CopyPart(old, tensor);
    }
  }
}

void RequireFeatures(const NetworkOptions& options, const Model& model) {
  if (!Differs(options, model)) return;
  throw Error(ErrorCode::kUsage, options.checkpoint + ": its features are " +
                                     model.info.architecture.features +
                                     ", not " + options.features);
}

}  // namespace

void GrowNetwork(const ArchitectureInfo& architecture, Model* model) {
  const at::NoGradGuard no_grad;
  auto network =
      std::make_shared<Network>(architecture, Weights::kUninitialised);
  for (at::Tensor& parameter : network->parameters()) parameter.zero_();
  CopyState(*model->network, network.get());
  network->eval();
  UseChannelsLast(network.get());
  model->network = std::move(network);
  model->info.architecture = architecture;
}

bool WidenFeatures(const NetworkOptions& options, Model* model) {
  if (!Differs(options, *model)) return false;
  if (options.features != kMultiStats ||
      model->info.architecture.features != kMulti) {
    RequireFeatures(options, *model);
  }
  ArchitectureInfo architecture = model->info.architecture;
  architecture.features = options.features;
  architecture.feature_size =
      FeatureSize(architecture.backbone, architecture.features);
  GrowNetwork(architecture, model);
  return true;
}

}  // namespace graphiqa
