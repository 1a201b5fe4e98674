// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "ridge.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>

#include "network/network.h"

namespace graphiqa {
namespace {

/// Penalties, relative to the number of features: half decades.
std::vector<double> Grid() {
  std::vector<double> grid;
  for (int i = -6; i <= 6; ++i) grid.push_back(std::pow(10.0, 0.5 * i));
  return grid;
}

/// alpha = (K + penalty I)^-1 y
at::Tensor Solve(const at::Tensor& kernel, const at::Tensor& y,
                 double penalty) {
  const at::Tensor damped =
      kernel + penalty * at::eye(kernel.size(0), kernel.options());
  return at::cholesky_solve(y.unsqueeze(1), at::linalg_cholesky(damped))
      .squeeze(1);
}

/// Adds the squared errors of the rows of one fold, for each penalty.
void TestFold(const at::Tensor& kernel, const at::Tensor& targets,
              const at::Tensor& inside, const at::Tensor& outside,
              const std::vector<double>& grid, std::vector<double>* errors) {
  const at::Tensor rows = kernel.index_select(0, inside);
  const at::Tensor train = rows.index_select(1, inside);
  const at::Tensor test = rows.index_select(1, outside).t();
  const at::Tensor y = targets.index_select(0, inside);
  const at::Tensor mean = y.mean();
  const at::Tensor wanted = targets.index_select(0, outside);
  for (size_t i = 0; i < grid.size(); ++i) {
    const at::Tensor alpha = Solve(train, y - mean, grid[i]);
    const at::Tensor error = at::mv(test, alpha) + mean - wanted;
    (*errors)[i] += error.square().sum().item<double>();
  }
}

}  // namespace

at::Tensor FeatureStatistics::Standardise(const at::Tensor& features) const {
  return ((features - mean) / deviation.clamp_min(kDeviationFloor))
      .clamp(-kFeatureClamp, kFeatureClamp);
}

FeatureStatistics StatisticsOf(const at::Tensor& features) {
  const at::Tensor rows =
      features.reshape({-1, features.size(-1)}).to(at::kDouble);
  const auto [deviation, mean] =
      at::std_mean(rows, at::IntArrayRef{0}, c10::Scalar(0));
  return {mean.to(at::kFloat),
          deviation.clamp_min(kDeviationFloor).to(at::kFloat)};
}

at::Tensor Ridge::Predict(const at::Tensor& features) const {
  return at::mv(features.to(at::kDouble), weights) + bias;
}

Ridge FitRidge(const at::Tensor& features, const at::Tensor& targets,
               const std::vector<int64_t>& folds) {
  const at::NoGradGuard no_grad;
  const at::Tensor x = features.to(at::kDouble);
  const at::Tensor y = targets.to(at::kDouble);
  const auto size = static_cast<double>(x.size(1));
  const at::Tensor kernel = at::mm(x, x.t()) / size;
  const std::vector<double> grid = Grid();
  std::vector<double> errors(grid.size(), 0);
  const at::Tensor fold = at::tensor(folds);
  for (int64_t f = 0; f <= *std::max_element(folds.begin(), folds.end()); ++f) {
    const at::Tensor outside = fold.eq(f).nonzero().squeeze(1);
    const at::Tensor inside = fold.ne(f).nonzero().squeeze(1);
    if (outside.numel() == 0 || inside.numel() < 2) continue;
    TestFold(kernel, y, inside, outside, grid, &errors);
  }
  const auto best = std::min_element(errors.begin(), errors.end());
  Ridge ridge;
  ridge.strength = grid[static_cast<size_t>(best - errors.begin())];
  ridge.residual = std::sqrt(*best / static_cast<double>(y.size(0)));
  const double mean_y = y.mean().item<double>();
  const at::Tensor alpha = Solve(kernel, y - mean_y, ridge.strength);
  ridge.weights = at::mv(x.t(), alpha) / size;
  ridge.bias = mean_y;
  return ridge;
}

}  // namespace graphiqa
