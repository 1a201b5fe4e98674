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

/// Copies what both have; of a matrix or vector that is wider in the new
/// network, the first columns.
void CopyState(const Network& from, Network* to) {
  std::map<std::string, at::Tensor> source;
  for (auto& [name, tensor] : StateDict(from)) source[name] = tensor;
  for (auto& [name, tensor] : StateDict(*to)) {
    const at::Tensor& old = source.at(name);
    if (old.dim() > 0 && old.size(-1) < tensor.size(-1)) {
      tensor.narrow(-1, 0, old.size(-1)).copy_(old);
    } else {
      tensor.copy_(old);
    }
  }
}

}  // namespace

void RequireFeatures(const NetworkOptions& options, const Model& model) {
  if (!Differs(options, model)) return;
  throw Error(ErrorCode::kUsage, options.checkpoint + ": its features are " +
                                     model.info.architecture.features +
                                     ", not " + options.features);
}

bool WidenFeatures(const NetworkOptions& options, Model* model) {
  if (!Differs(options, *model)) return false;
  if (options.features != kMultiStats ||
      model->info.architecture.features != kMulti) {
    RequireFeatures(options, *model);
  }
  const at::NoGradGuard no_grad;
  ArchitectureInfo& architecture = model->info.architecture;
  architecture.features = options.features;
  architecture.feature_size =
      FeatureSize(architecture.backbone, architecture.features);
  // New columns of the projection start at zero, which is how it is made.
  auto network =
      std::make_shared<Network>(architecture, Weights::kUninitialised);
  CopyState(*model->network, network.get());
  network->eval();
  UseChannelsLast(network.get());
  model->network = std::move(network);
  return true;
}

}  // namespace graphiqa
