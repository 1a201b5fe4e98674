// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Nodes beside those of a trained network that see the statistics of the
/// picture alone. Types and levels are learnt with them while everything else
/// stays as it is, the score too, as columns are added in progressive networks
/// (Rusu et al., arXiv 1606.04671): features of a backbone that knows objects
/// would be learnt by heart, and a trained MOS head would be forgotten.
#pragma once

#include <string>
#include <vector>

#include "adamw.h"
#include "losses.h"
#include "network/model_file.h"

namespace graphiqa {

/// Adds nodes that nothing reads yet: the network says what it said. Type and
/// level heads lose what they had learnt.
/// @param count  a multiple of 4
/// @throws Error(kUsage) unless the features are `multi-stats`
void AddSideNodes(int64_t count, Model* model);

/// What side nodes learn from: types and levels, at their weights.
LossOptions TaskLossesOf(const LossOptions& all);

/// The values that side nodes own among the parameters of a network.
class SideNodes {
 public:
  /// @param count  as AddSideNodes() was told
  SideNodes(Network* network, int64_t count);

  /// Random weights (Xavier-uniform, seed with torch::manual_seed).
  void Initialise();

  /// Of the parameters that have such values.
  NamedTensors Parameters() const;

  /// Before a step: nothing else gets a gradient.
  void MaskGradients() const;

  /// After a step: nothing else has decayed.
  void RestoreOthers() const;

  /// The first of them among the nodes.
  int64_t first() const { return first_; }

 private:
  struct Owned {
    std::string name;
    at::Tensor parameter;
    at::Tensor mask;   ///< 1 = owned
    at::Tensor start;  ///< its values before the first step
  };

  int64_t first_ = 0;
  std::vector<Owned> owned_;
};

}  // namespace graphiqa
