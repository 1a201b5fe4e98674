// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "half_linear.h"
#include "network/network.h"

namespace graphiqa {

/// What a network does with features in row form, with weights in half
/// precision; see HalfLinear. Needs VectorsAvailable(). Thread-safe.
class HalfHeads {
 public:
  /// @param network  its weights are copied
  explicit HalfHeads(const Network& network);

  /// Network::Project() and Network::Heads() with GraphForm::kRow and
  /// EdgeSummary::kDiagonal.
  /// @param features  [N,feature_size] float32
  /// @returns mos_mu, mos_s, level_mu, level_s and type_logits; no others
  HeadOutputs Run(const at::Tensor& features) const;

 private:
  at::Tensor Project(const at::Tensor& features) const;

  at::Tensor mean_, deviation_;  ///< of features; undefined without projection
  std::vector<HalfLinear> projector_, node_, edge_, type_, level_, mos_;
};

}  // namespace graphiqa
