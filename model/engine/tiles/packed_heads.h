// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "head_linear.h"
#include "network/network.h"

namespace graphiqa {

/// What a network does with features in row form, with weights laid out for
/// vectors; see HeadLinear for Weight. Needs VectorsAvailable(). Thread-safe.
template <typename Weight>
class PackedHeads {
 public:
  /// @param network  its weights are copied
  explicit PackedHeads(const Network& network);

  /// Network::Project() and Network::Heads() with GraphForm::kRow and
  /// EdgeSummary::kDiagonal.
  /// @param features  [N,feature_size] float32
  /// @returns mos_mu, mos_s, level_mu, level_s and type_logits; no others
  HeadOutputs Run(const at::Tensor& features) const;

 private:
  at::Tensor Project(const at::Tensor& features) const;

  at::Tensor mean_, deviation_;  ///< of features; undefined without projection
  std::vector<HeadLinear<Weight>> projector_, node_, edge_, type_, level_, mos_;
};

}  // namespace graphiqa
