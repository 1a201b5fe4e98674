// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "engine/combine.h"

#include <gtest/gtest.h>

namespace graphiqa {
namespace {

/// Two types and none; the score is mu.
ModelInfo Info() {
  ModelInfo info;
  info.architecture.types = {"a", "b", "none"};
  info.heads = {true, true, true};
  info.score.drops.sure = 0.5;
  info.score.drops.levels = {
      {10, 20, 30, 40, 50}, {0, 0, 0, 0, 100}, {0, 0, 0, 0, 0}};
  return info;
}

HeadValues Values(float mu, float level, float logit_a, float logit_b,
                  float logit_none) {
  HeadValues values;
  values.mos_mu = mu;
  values.level_mu = level;
  values.type_logits = {logit_a, logit_b, logit_none};
  return values;
}

QualityResult Combine(const ModelInfo& info,
                      const std::vector<HeadValues>& values) {
  return CombineViews(info, std::vector<View>(values.size()), values);
}

TEST(DropOfTest, GoesBetweenLevelsInProportion) {
  const DropsInfo drops = Info().score.drops;
  EXPECT_EQ(DropOf(drops, 0, 1, 0), 0);
  EXPECT_EQ(DropOf(drops, 0, 1, 0.5), 5);
  EXPECT_EQ(DropOf(drops, 0, 1, 1), 10);
  EXPECT_EQ(DropOf(drops, 0, 1, 3.25), 32.5);
  EXPECT_EQ(DropOf(drops, 0, 1, 5), 50);
  EXPECT_EQ(DropOf(drops, 1, 1, 4.5), 50);
}

TEST(DropOfTest, CountsAsFarAsTheTypeIsSure) {
  const DropsInfo drops = Info().score.drops;
  EXPECT_EQ(DropOf(drops, 0, 0.5, 2), 0);
  EXPECT_EQ(DropOf(drops, 0, 0.2, 2), 0);
  EXPECT_EQ(DropOf(drops, 0, 0.75, 2), 10);
  EXPECT_EQ(DropOf({}, 0, 1, 2), 0);
}

TEST(CombineTest, ASureDistortionLowersEveryView) {
  const QualityResult result =
      Combine(Info(), {Values(80, 2, 50, 0, 0), Values(10, 2, 50, 0, 0)});
  ASSERT_EQ(result.views.size(), 2u);
  EXPECT_NEAR(result.views[0].score, 60, 1e-9);
  EXPECT_NEAR(result.views[1].score, 0, 1e-9);
  EXPECT_NEAR(result.score, 30, 1e-9);
  EXPECT_NEAR(result.uncertainty, 30, 1e-9);
}

TEST(CombineTest, AnUnsureOneLeavesTheScore) {
  const QualityResult result = Combine(Info(), {Values(80, 2, 1, 1, 1)});
  EXPECT_EQ(result.score, 80);
}

TEST(CombineTest, NoDropWithoutTypesAndLevels) {
  ModelInfo info = Info();
  info.heads.level = false;
  EXPECT_EQ(Combine(info, {Values(80, 2, 50, 0, 0)}).score, 80);
  info.heads = {true, true, false};
  EXPECT_EQ(Combine(info, {Values(80, 2, 50, 0, 0)}).score, 80);
  info = Info();
  info.score.drops = {};
  EXPECT_EQ(Combine(info, {Values(80, 2, 50, 0, 0)}).score, 80);
}

}  // namespace
}  // namespace graphiqa
