// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "meters.h"

#include <gtest/gtest.h>

namespace graphiqa {
namespace {

// Expected values: the examples in SciPy's documentation of spearmanr,
// kendalltau (tau-b, with ties) and pearsonr.
TEST(MetersTest, SroccSharesRanksAmongTies) {
  EXPECT_NEAR(Srocc({1, 2, 3, 4, 5}, {5, 6, 7, 8, 7}), 0.82078268166812329,
              1e-12);
}

TEST(MetersTest, KroccIsTauB) {
  EXPECT_NEAR(Krocc({12, 2, 1, 12, 2}, {1, 4, 7, 1, 0}), -0.47140452079103173,
              1e-12);
}

TEST(MetersTest, PlccOfKnownNumbers) {
  EXPECT_NEAR(Plcc({1, 2, 3, 4, 5}, {10, 9, 2.5, 6, 4}), -0.7426106572325057,
              1e-12);
}

TEST(MetersTest, RmseOfKnownNumbers) {
  EXPECT_DOUBLE_EQ(Rmse({0, 0, 0, 0}, {1, -1, 3, 1}), 1.7320508075688772);
}

TEST(MetersTest, ConstantPredictionsCorrelateWithNothing) {
  EXPECT_EQ(Plcc({3, 3, 3}, {1, 2, 3}), 0);
  EXPECT_EQ(Srocc({3, 3, 3}, {1, 2, 3}), 0);
  EXPECT_EQ(Krocc({3, 3, 3}, {1, 2, 3}), 0);
}

TEST(MetersTest, LogisticFitFindsTheCurveThatMadeTheRatings) {
  const Logistic truth{{90, 10, 40, 12}};
  std::vector<double> predictions;
  std::vector<double> ratings;
  for (int i = 0; i <= 100; i += 5) {
    predictions.push_back(i);
    ratings.push_back(truth(i));
  }
  const Agreement agreement = Measure(predictions, ratings);
  EXPECT_NEAR(agreement.plcc_fitted, 1, 1e-9);
  EXPECT_NEAR(agreement.rmse_fitted, 0, 1e-4);
  EXPECT_LT(agreement.plcc, 0.99);
  EXPECT_DOUBLE_EQ(agreement.srocc, 1);
}

TEST(MetersTest, LogisticFitFollowsFallingRatings) {
  std::vector<double> predictions;
  std::vector<double> ratings;
  for (int i = 0; i < 30; ++i) {
    predictions.push_back(i);
    ratings.push_back(100 - 3 * i);
  }
  EXPECT_GT(Measure(predictions, ratings).plcc_fitted, 0.99);
}

TEST(MetersTest, DifferentLengthsAreRefused) {
  EXPECT_THROW(Measure({1, 2}, std::vector<double>{1}), Error);
}

}  // namespace
}  // namespace graphiqa
