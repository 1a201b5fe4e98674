// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "format/model_info.h"
#include "network.h"

namespace graphiqa {

/// A network with what its file says about it.
struct Model {
  ModelInfo info;
  std::shared_ptr<Network> network;  ///< float32, evaluation mode, CPU
};

/// Reads a graphiqa model file. Strict: a missing, surplus, wrongly shaped or
/// non-finite tensor, a wrong hash or damaged metadata is an Error(kFormat or
/// kShape) that names it.
Model LoadModel(const std::string& path);

/// Element type of matrices and convolutions in the written file; vectors
/// (biases, normalisation statistics) always stay float32.
enum class StorageType { kFloat32, kFloat16 };

/// Writes a model file atomically; fills in info.sha256.
/// @throws Error(kNumeric) when a value is not finite (in the written type)
void SaveModel(const std::string& path, const ModelInfo& info,
               Network& network, StorageType storage);

/// Copies tensors into the network by name. `what` names the source in
/// errors. Strict in both directions, shapes and finiteness included.
/// Names of the network that start with an entry of `optional_prefixes` may be
/// missing.
void LoadStateDict(Network& network, const std::vector<TensorView>& tensors,
                   const std::string& what,
                   const std::vector<std::string>& optional_prefixes = {});

/// Loads a backbone's own checkpoint (torchvision ResNet state dict, the
/// EfficientNet-Lite0 package's file, `.pth` or safetensors) into
/// network.backbone(); its classification layer is left out.
void LoadBackboneWeights(Network& network, const std::string& path);

}  // namespace graphiqa
