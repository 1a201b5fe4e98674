// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "format/model_info.h"
#include "format/tensor.h"
#include "network.h"

namespace graphiqa {

/// A network with what its file says about it.
struct Model {
  ModelInfo info;
  std::shared_ptr<Network> network;  ///< float32, evaluation mode, CPU
};

/// Reads a graphiqa model file. Strict: a missing, surplus, wrongly shaped or
/// non-finite tensor, a wrong hash or damaged metadata is an error that names
/// file and tensor. Sizes are checked against the tensors before anything is
/// allocated, so memory is bounded by the file's size.
/// @throws Error(kNotFound|kFile|kFormat|kShape|kNumeric)
Model LoadModel(const std::string& path);

/// Element type of matrices and convolutions in the written file; vectors
/// (biases, normalisation statistics) always stay float32.
enum class StorageType { kFloat32, kFloat16 };

/// Writes a model file atomically; the hash of `info` is replaced by that of
/// the written tensors. The network may be on any device.
/// @throws Error(kUsage) when info.architecture is not the network's;
///   Error(kNumeric) when a value is not finite (in the written type);
///   Error(kFile) when it cannot be written
void SaveModel(const std::string& path, const ModelInfo& info,
               const Network& network, StorageType storage);

/// Copies tensors into the network by name. `what` names the source in
/// errors. Strict in both directions, shapes and finiteness included; nothing
/// is copied before all names and shapes are checked.
/// Names of the network that start with an entry of `optional_prefixes` may be
/// missing.
/// @throws Error(kFormat) for missing, surplus and repeated names,
///   Error(kShape) for shapes and element types, Error(kNumeric) for values;
///   all name the tensors
void LoadStateDict(Network& network, const std::vector<TensorView>& tensors,
                   const std::string& what,
                   const std::vector<std::string>& optional_prefixes = {});

/// Loads a backbone's own checkpoint (torchvision ResNet state dict, the
/// EfficientNet-Lite0 package's file; `.pth` or `.safetensors`) into
/// network.backbone(); its classification layer is left out.
/// Counters of batches (`num_batches_tracked`) may be missing, as in files
/// from before PyTorch 0.4.1.
/// @throws as LoadStateDict(), and Error(kNotFound|kFile) for the file
void LoadBackboneWeights(Network& network, const std::string& path);

/// Reads an architecture off the names and shapes of a plain state dict, with
/// or without a backbone (then its name is kNoBackbone) but without a
/// `module.` prefix. Types are KADID-10k's where there are 25, else "type0",
/// "type1", ….
/// @throws Error(kFormat) naming the tensor that is missing or does not fit
ArchitectureInfo DeduceArchitecture(const std::vector<TensorView>& tensors);

/// Views of records; they live as long as the records are not touched.
std::vector<TensorView> ViewsOf(const std::vector<TensorRecord>& records);

}  // namespace graphiqa
