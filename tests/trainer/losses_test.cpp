// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "losses.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace graphiqa {
namespace {

/// Compares the gradient of a scalar loss with central differences.
void CheckGradient(const std::function<at::Tensor(const at::Tensor&)>& loss,
                   const at::Tensor& at_point) {
  at::Tensor x = at_point.clone().set_requires_grad(true);
  loss(x).backward();
  const double step = 1e-5;
  for (int64_t i = 0; i < x.numel(); ++i) {
    at::Tensor up = at_point.clone();
    at::Tensor down = at_point.clone();
    up[i] += step;
    down[i] -= step;
    const double numeric =
        (loss(up).item<double>() - loss(down).item<double>()) / (2 * step);
    EXPECT_NEAR(x.grad()[i].item<double>(), numeric, 1e-6) << "element " << i;
  }
}

at::Tensor Points() {
  return at::tensor({0.3, -1.2, 0.8, 2.1, -0.4}, at::kDouble);
}

at::Tensor Targets() {
  return at::tensor({0.1, -0.9, 1.3, 1.7, 0.2}, at::kDouble);
}

TEST(LossesTest, PlccLossHasTheNumericGradient) {
  CheckGradient([](const at::Tensor& x) { return PlccLoss(x, Targets()); },
                Points());
  EXPECT_NEAR(PlccLoss(2 * Targets() + 3, Targets()).item<double>(), 0, 1e-5);
}

TEST(LossesTest, PlccLossOfEqualPredictionsIsFinite) {
  const double loss =
      PlccLoss(at::ones({5}, at::kDouble), Targets()).item<double>();
  EXPECT_NEAR(loss, 1, 1e-9);
}

TEST(LossesTest, ScaleLossHasTheNumericGradientAndLeavesTheMean) {
  CheckGradient(
      [](const at::Tensor& s) { return ScaleLoss(Points(), s, Targets()); },
      at::tensor({0.4, -0.7, 1.1, 0.2, 0.9}, at::kDouble));
  at::Tensor mu = Points().set_requires_grad(true);
  at::Tensor s = at::ones({5}, at::kDouble).set_requires_grad(true);
  ScaleLoss(mu, s, Targets()).backward();
  EXPECT_FALSE(mu.grad().defined());
}

TEST(LossesTest, RankLossHasTheNumericGradient) {
  CheckGradient(
      [](const at::Tensor& worse) {
        return RankLoss(Targets(), worse, {0.1, 0.5, 0.3, 0.9, 0.7}, 1.5);
      },
      Points());
  EXPECT_EQ(
      RankLoss(Targets(), Targets() - 2, {1, 1, 1, 1, 1}, 1.5).item<double>(),
      0);
}

}  // namespace
}  // namespace graphiqa
