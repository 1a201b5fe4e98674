// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/nn/module.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace graphiqa {

/// A convolutional feature extractor, seen as a chain of stages. Registered
/// as `extractor.feature_extractor`, so that names in the state dict equal the
/// reference's (ResNet: `extractor.feature_extractor.{0,1,4,5,6,7}`, as
/// torchvision's Sequential without pool and fc).
///
/// Channels-last input stays channels-last through all stages; weights may be
/// in either memory format.
class Backbone : public torch::nn::Module {
 public:
  /// Runs all stages.
  /// @param images  [N,3,H,W] float, RGB, normalised; any memory format
  /// @returns one tensor per entry of StageNames(), each [N,c_i,h_i,w_i]; the
  ///   last is what the paper pools
  virtual std::vector<at::Tensor> Forward(const at::Tensor& images) = 0;

  /// Names of the tensors that Forward() returns ("stem", "stage1", …).
  virtual std::vector<std::string> StageNames() const = 0;

  /// Channels of each of those tensors.
  virtual std::vector<int64_t> StageChannels() const = 0;

  /// Indices into StageNames() whose means and standard deviations make the
  /// `multi` features, together with those of the last stage, which is not
  /// listed.
  virtual std::vector<size_t> MultiStages() const = 0;

  /// Name below `extractor.feature_extractor.` of a tensor of the checkpoint
  /// that this backbone is usually published as; empty for tensors that have
  /// no counterpart (the classification layer).
  virtual std::string ImportedName(const std::string& published) const = 0;
};

/// One row of the backbone table.
struct BackboneEntry {
  const char* name;           ///< "resnet50", …
  const char* description;    ///< one line for --help
  std::array<float, 3> mean;  ///< of RGB in [0,1], what its weights expect
  std::array<float, 3> std;
  int64_t last_size;   ///< feature_size with features "last"
  int64_t multi_size;  ///< feature_size with features "multi"
  std::shared_ptr<Backbone> (*make)();
};

/// All backbones; ends with an entry whose name is nullptr.
extern const BackboneEntry kBackbones[];

/// @throws Error(kUsage) that lists the known names
const BackboneEntry& FindBackbone(const std::string& name);

}  // namespace graphiqa
