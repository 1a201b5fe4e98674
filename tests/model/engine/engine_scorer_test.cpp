// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "engine/engine_scorer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "engine/combine.h"
#include "engine/engine_registry.h"
#include "fake_backend.h"

namespace graphiqa {
namespace {

ModelInfo TestInfo() {
  ModelInfo info;
  info.name = "fake";
  info.sha256 = "0123456789abcdef";
  info.architecture.types = {"a", "b", "c"};
  info.score.gain = -2;
  info.score.offset = 100;
  info.heads = {true, true, true};
  return info;
}

std::shared_ptr<Engine> MakeFakeEngine(const ModelInfo& info = TestInfo()) {
  return std::make_shared<Engine>(
      info,
      [] {
        return std::make_unique<FakeBackend>(std::make_shared<FakeControl>());
      },
      0);
}

TEST(EngineScorerTest, ScoresAreCalibratedAndCombined) {
  const auto scorer = MakeEngineScorer(MakeFakeEngine(), {4});
  const QualityResult result = scorer->Submit(FakeViews(10, 2)).get();
  ASSERT_EQ(result.views.size(), 2u);
  EXPECT_DOUBLE_EQ(result.views[0].score, 80);
  EXPECT_DOUBLE_EQ(result.views[1].score, 78);
  EXPECT_EQ(result.views[1].view.x, 1);
  EXPECT_NEAR(result.views[0].uncertainty, 0.2, 1e-6);
  EXPECT_DOUBLE_EQ(result.score, 79);
  // Mean of 0.2^2 and 0.22^2, and the views' variance of 1.
  EXPECT_NEAR(result.uncertainty, std::sqrt(0.0442 + 1), 1e-6);
  ASSERT_TRUE(result.level);
  EXPECT_NEAR(*result.level, 1.05, 1e-6);
  const double total = std::accumulate(result.probabilities.begin(),
                                       result.probabilities.end(), 0.0);
  EXPECT_NEAR(total, 1, 1e-12);
  EXPECT_GE(result.inference_ns, 0);
  EXPECT_GE(result.queue_ns, 0);
}

TEST(EngineScorerTest, TypeIsTheMostProbable) {
  const auto scorer = MakeEngineScorer(MakeFakeEngine(), {4});
  const QualityResult result = scorer->Submit(FakeViews(11)).get();
  ASSERT_TRUE(result.distortion);
  EXPECT_EQ(*result.distortion, 2);
  EXPECT_NEAR(result.confidence, 1 / (1 + 2 * std::exp(-5.0)), 1e-9);
  EXPECT_EQ(result.confidence, result.probabilities[2]);
}

TEST(EngineScorerTest, ResultsStayWithinTheirRange) {
  const auto scorer = MakeEngineScorer(MakeFakeEngine(), {4});
  const QualityResult low = scorer->Submit(FakeViews(100)).get();
  EXPECT_EQ(low.score, 0);  // 100 - 2 * 100
  EXPECT_EQ(*low.level, 5);
  const QualityResult high = scorer->Submit(FakeViews(0)).get();
  EXPECT_EQ(high.score, 100);
  EXPECT_EQ(*high.level, 0);
}

TEST(EngineScorerTest, UntrainedHeadsReportNothing) {
  ModelInfo info = TestInfo();
  info.heads = {false, false, false};
  const auto scorer = MakeEngineScorer(MakeFakeEngine(info), {4});
  const QualityResult result = scorer->Submit(FakeViews(10)).get();
  EXPECT_FALSE(result.distortion);
  EXPECT_TRUE(result.probabilities.empty());
  EXPECT_FALSE(result.level);
  EXPECT_EQ(result.score, 0);
  EXPECT_FALSE(scorer->model().mos_trained);
}

TEST(EngineScorerTest, ModelIsDescribed) {
  const auto scorer = MakeEngineScorer(MakeFakeEngine(), {4});
  EXPECT_EQ(scorer->model().name, "fake");
  EXPECT_EQ(scorer->model().short_hash, "01234567");
  EXPECT_EQ(scorer->model().device, "fake");
  EXPECT_EQ(scorer->model().types.size(), 3u);
}

TEST(EngineScorerTest, BadPicturesAreRefusedAtOnce) {
  const auto scorer = MakeEngineScorer(MakeFakeEngine(), {4});
  EXPECT_THROW(scorer->Submit(std::vector<ViewPixels>()), Error);
  auto views = FakeViews(1);
  views[0].rgb.pop_back();
  try {
    scorer->Submit(views);
    FAIL() << "a view that lacks a byte was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_STREQ(error.what(),
                 "view of 1x1 pixels needs 3 bytes of RGB, got 2");
  }
  views = FakeViews(1);
  views[0].view.width = -1;
  EXPECT_THROW(scorer->Submit(views), Error);
}

TEST(EngineScorerTest, FailureReachesTheFuture) {
  const auto scorer = MakeEngineScorer(MakeFakeEngine(), {4});
  auto future = scorer->Submit(FakeViews(kBadPixel));
  EXPECT_THROW(future.get(), Error);
  EXPECT_EQ(scorer->Submit(FakeViews(10)).get().score, 80);
  EXPECT_EQ(scorer->statistics().failed, 1u);
}

TEST(EngineScorerTest, HandleMayCloseWhileBusy) {
  const auto engine = MakeFakeEngine();
  std::atomic<int> done{0};
  auto scorer = MakeEngineScorer(engine, {100});
  for (int i = 0; i < 100; ++i) {
    scorer->Submit(FakeViews(10),
                   [&](const QualityResult*, const Error*) { ++done; });
  }
  scorer.reset();
  EXPECT_EQ(done, 100);
}

TEST(EngineRegistryTest, EqualKeysShareAnEngineWhileItLives) {
  EngineRegistry registry;
  int made = 0;
  const auto make = [&] {
    ++made;
    return MakeFakeEngine();
  };
  auto first = MakeEngineScorer(registry.Open("a", make), {4});
  auto second = MakeEngineScorer(registry.Open("a", make), {4});
  auto other = MakeEngineScorer(registry.Open("b", make), {4});
  EXPECT_EQ(made, 2);
  EXPECT_EQ(&first->model(), &second->model());
  EXPECT_NE(&first->model(), &other->model());
  first->Submit(FakeViews(10)).get();
  EXPECT_EQ(second->statistics().views, 1u);
  EXPECT_EQ(other->statistics().views, 0u);
  first.reset();
  second.reset();
  auto again = registry.Open("a", make);
  EXPECT_EQ(made, 3);
}

TEST(EngineScorerTest, CancelledFutureThrows) {
  const auto control = std::make_shared<FakeControl>();
  control->Close();
  const auto scorer = MakeEngineScorer(
      std::make_shared<Engine>(
          TestInfo(), [&] { return std::make_unique<FakeBackend>(control); },
          1),
      {4});
  auto running = scorer->Submit(FakeViews(10));
  control->AwaitPass();
  auto waiting = scorer->Submit(FakeViews(10));
  scorer->Cancel();
  try {
    waiting.get();
    FAIL() << "a cancelled picture was scored";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
  control->Open();
  EXPECT_EQ(running.get().score, 80);
}

TEST(EngineRegistryTest, AnEngineThatLostItsDeviceIsReplaced) {
  EngineRegistry registry;
  const auto control = std::make_shared<FakeControl>();
  const auto make = [&] {
    return std::make_shared<Engine>(
        TestInfo(), [&] { return std::make_unique<FakeBackend>(control); }, 0);
  };
  const auto first = MakeEngineScorer(registry.Open("a", make), {4});
  control->memory = 0;
  EXPECT_THROW(first->Submit(FakeViews(10)).get(), Error);
  control->memory = 1;
  const auto second = MakeEngineScorer(registry.Open("a", make), {4});
  EXPECT_NE(&first->model(), &second->model());
  EXPECT_EQ(second->Submit(FakeViews(10)).get().score, 80);
}

TEST(EngineRegistryTest, FailedOpeningLeavesNothing) {
  EngineRegistry registry;
  EXPECT_THROW(registry.Open("a",
                             []() -> std::shared_ptr<Engine> {
                               throw Error(ErrorCode::kFormat, "bad model");
                             }),
               Error);
  EXPECT_NE(registry.Open("a", [] { return MakeFakeEngine(); }), nullptr);
}

}  // namespace
}  // namespace graphiqa
