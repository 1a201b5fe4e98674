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

TEST(LossesTest, GaussianLossHasTheNumericGradient) {
  CheckGradient(
      [](const at::Tensor& s) { return GaussianLoss(Points(), s, Targets()); },
      at::tensor({0.4, -0.7, 1.1, 0.15, 0.9}, at::kDouble));
  CheckGradient(
      [](const at::Tensor& mu) {
        return GaussianLoss(mu, at::full({5}, 0.7, at::kDouble), Targets());
      },
      Points());
}

at::Tensor ScaleGradient(double s, double error) {
  at::Tensor scale = at::full({1}, s, at::kDouble).set_requires_grad(true);
  const at::Tensor zero = at::zeros({1}, at::kDouble);
  ScaleLoss(zero, scale, at::full({1}, error, at::kDouble)).backward();
  return scale.grad()[0];
}

TEST(LossesTest, ScaleIsDrawnToTheErrorWithinBounds) {
  for (const double s : {0.3, -0.3, 0.9, -0.9}) {
    EXPECT_NEAR(ScaleGradient(s, std::abs(s)).item<double>(), 0, 1e-9) << s;
    EXPECT_LT(ScaleGradient(s, 2 * s).item<double>() * s, 0) << s;
    EXPECT_GT(ScaleGradient(s, s / 2).item<double>() * s, 0) << s;
  }
  // Two deviations off with hardly any scale: it grows, and does not drown the
  // rest of the batch.
  for (const double s : {0.01, 0.05, 0.1, 0.2}) {
    const double gradient = ScaleGradient(s, 2).item<double>();
    EXPECT_LT(gradient, 0) << s;
    EXPECT_GT(gradient, -150) << s;
  }
}

TEST(LossesTest, ScaleIsBentSmoothly) {
  const at::Tensor bent =
      BentScale(at::tensor({0.0, 0.2, -0.2, 0.7, -3.0}, at::kDouble));
  const at::Tensor wanted = at::tensor({0.1, 0.2, 0.2, 0.7, 3.0}, at::kDouble);
  EXPECT_TRUE(at::allclose(bent, wanted));
  CheckGradient([](const at::Tensor& s) { return BentScale(s).sum(); },
                at::tensor({0.05, -0.15, 0.25, 0.199}, at::kDouble));
}

TEST(LossesTest, PairLossHasTheNumericGradientAndCountsPairsOnly) {
  CheckGradient([](const at::Tensor& x) { return PairLoss(x, Targets()); },
                Points());
  EXPECT_EQ(PairLoss(Points(), at::ones({5}, at::kDouble)).item<double>(), 0);
  EXPECT_LT(PairLoss(10 * Targets(), Targets()).item<double>(),
            PairLoss(-Targets(), Targets()).item<double>());
}

/// Two data sets whose scores run against each other: each is predicted
/// perfectly, both together are not.
TEST(LossesTest, CorrelationIsTakenWithinEachDataSet) {
  RatedOutputs rated;
  rated.mu = at::tensor({1.0, 2.0, 3.0, 11.0, 12.0, 13.0}).unsqueeze(1);
  rated.s = at::ones({6, 1});
  rated.targets = at::tensor({11.0, 12.0, 13.0, 1.0, 2.0, 3.0});
  LossOptions options;
  options.smooth_l1 = 0;
  options.scale = 0;
  rated.sets = {0, 0, 0, 1, 1, 1};
  EXPECT_NEAR(RatedLoss(rated, options).item<double>(), 0, 1e-4);
  rated.sets = {0, 0, 0, 0, 0, 0};
  EXPECT_GT(RatedLoss(rated, options).item<double>(), 1);
}

/// An original at 2, the floor at -4: a copy of ratio 0.5 belongs at -1.
TEST(LossesTest, CopiesLieBetweenTheirOriginalAndTheFloor) {
  DistortedOutputs outputs;
  at::Tensor mu = at::tensor({2.0, -1.0}).unsqueeze(1).set_requires_grad(true);
  outputs.mu = mu;
  outputs.level = at::tensor({0.0, 3.0}).unsqueeze(1);
  outputs.logits = at::zeros({2, 1, 3});
  DistortionLabels labels;
  labels.types = at::tensor(std::vector<int64_t>{2, 0});
  labels.levels = at::tensor({0.0, 3.0});
  labels.ratios = at::tensor({1.0, 0.5});
  labels.originals = at::tensor(std::vector<int64_t>{0, 0});
  labels.anchors = at::tensor({2.0, 2.0});
  LossOptions options;
  options.type = 0;
  const auto loss = [&] {
    return DistortedLoss(outputs, labels, options, -4.0, 2);
  };
  EXPECT_EQ(loss().item<double>(), 0);
  outputs.mu = mu + at::tensor({0.0, 1.5}).unsqueeze(1);
  const at::Tensor moved = loss();
  EXPECT_GT(moved.item<double>(), 0.1);
  moved.backward();
  EXPECT_EQ(mu.grad()[0].item<double>(), 0) << "the original is at its anchor";
  EXPECT_GT(mu.grad()[1].item<double>(), 0);
  labels.anchors = at::tensor({3.0, 3.0});
  mu.mutable_grad().zero_();
  outputs.mu = mu * 1;
  loss().backward();
  EXPECT_LT(mu.grad()[0].item<double>(), 0) << "below its anchor";
}

TEST(LossesTest, RankLossHasTheNumericGradient) {
  CheckGradient(
      [](const at::Tensor& worse) {
        return RankLoss(Targets(), worse,
                        at::tensor({0.1, 0.5, 0.3, 0.9, 0.7}, at::kDouble),
                        1.5);
      },
      Points());
  EXPECT_EQ(RankLoss(Targets(), Targets() - 2, at::ones({5}, at::kDouble), 1.5)
                .item<double>(),
            0);
}

}  // namespace
}  // namespace graphiqa
