// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace graphiqa {

/// Means and (floored) deviations that features are standardised with, in the
/// same way as Network::Project(): floored at kDeviationFloor, clamped to
/// +-kFeatureClamp.
struct FeatureStatistics {
  at::Tensor mean;       ///< [F]
  at::Tensor deviation;  ///< [F]

  /// @param features  [..., F]
  at::Tensor Standardise(const at::Tensor& features) const;
};

/// Statistics over all but the last dimension.
FeatureStatistics StatisticsOf(const at::Tensor& features);

/// A linear prediction from standardised features.
struct Ridge {
  at::Tensor weights;  ///< [F] double
  double bias = 0;
  double strength = 0;  ///< the chosen penalty, relative to F
  double residual = 0;  ///< cross-validated RMS error

  /// @param features  [n, F] standardised
  /// @returns [n] double
  at::Tensor Predict(const at::Tensor& features) const;
};

/// Ridge regression in closed form (the dual: n x n). The penalty comes from
/// a grid by cross-validated squared error.
/// @param features  [n, F] standardised
/// @param targets   [n]
/// @param folds     n fold numbers from 0; rows of one group share a fold
Ridge FitRidge(const at::Tensor& features, const at::Tensor& targets,
               const std::vector<int64_t>& folds);

}  // namespace graphiqa
