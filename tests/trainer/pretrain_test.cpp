// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "pretrain.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "broken_run.h"
#include "golden.h"
#include "kadid_scores.h"
#include "parameters.h"
#include "pretrain_steps.h"
#include "scratch_data.h"
#include "widen.h"

namespace graphiqa {
namespace {

PretrainOptions TinyRun(const ScratchFolder& folder, const std::string& out) {
  PretrainOptions options;
  options.data.sets = {{"online", {folder.File("photos"), "", ""}, ""}};
  options.data.val_fraction = 0.25;
  options.data.val_tasks = 12;
  options.network.node_size = 16;
  options.network.edge_size = 8;
  options.network.code_size = 8;
  options.views = ParseViews("native:1", 64);
  options.train_views = options.views;
  options.task.tasks = 3;
  options.task.batch = 2;
  options.task.epochs = 2;
  options.task.steps = 2;
  options.weights.type = 1;
  options.run.half = false;
  options.run.threads = 1;
  options.run.out = folder.File(out);
  return options;
}

std::string Bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The trainer's own released step and optimiser against the numbers of the
/// released scripts: three steps, losses and the parameters after them.
TEST(PretrainTest, ReleasedProtocolEqualsTheGoldenSteps) {
  const GoldenFile file("pretrain_step.safetensors");
  const auto network = HeadsFromGolden(file, "before/");
  OptimiserOptions how;
  how.rate = file.Number("lr");
  how.weight_decay = 0;
  how.constant_rate = true;
  Freeze(how, network.get());
  const auto optimizer = MakeOptimiser(how, network.get());
  PretrainWeights weights;
  weights.triplet = file.Number("triplet_weight");
  weights.level = file.Number("level_weight");
  weights.margin = file.Number("margin");
  ReleasedStep step;
  step.anchor = file.Get("anchor/features");
  step.positive = file.Get("positive/features");
  step.negative = file.Get("negative/features");
  step.levels = file.Get("levels");
  const std::vector<std::string> order = {"anchor/level",   "anchor/mos",
                                          "positive/level", "positive/mos",
                                          "negative/level", "negative/mos"};
  for (int number = 1; number <= 3; ++number) {
    const std::string name = "step" + std::to_string(number);
    size_t draw = 0;
    const PretrainLosses losses =
        ReleasedLoss(network.get(), step, weights, [&](int64_t count) {
          const at::Tensor noise =
              file.Get("noise/" + name + "/" + order.at(draw++));
          EXPECT_EQ(noise.size(0), count);
          return noise;
        });
    EXPECT_EQ(draw, order.size());
    ExpectClose("trainer pretrain", "loss", losses.total.detach().reshape({1}),
                file.Get(name + "/loss"), kSmallEps);
    optimizer->ZeroGrad();
    losses.total.backward();
    optimizer->Step(1.0, 0);
  }
  int64_t off = 0;
  int64_t all = 0;
  for (const auto& item : network->named_parameters()) {
    const std::string path = "step3/after/" + item.key();
    const at::Tensor wanted =
        file.Has(path) ? file.Get(path) : file.Get("before/" + item.key());
    const at::Tensor difference = (item.value().detach() - wanted).abs();
    // Elements with a gradient near 0 may step either way.
    EXPECT_LE(difference.max().item<double>(),
              2 * 3 * how.rate + 3e-7 * wanted.abs().max().item<double>())
        << item.key();
    off += (difference > 0.05 * how.rate + 4e-7 * wanted.abs())
               .sum()
               .item<int64_t>();
    all += difference.numel();
  }
  EXPECT_LT(off, all / 50) << "of " << all << " parameters";
}

/// The same function of pictures, and statistics for the new columns.
TEST(PretrainTest, RestoredFeaturesAreWidened) {
  const ScratchFolder folder;
  WriteTinyPhotos(folder, 6);
  Pretrain(TinyRun(folder, "narrow"));
  const Model narrow = LoadModel(folder.File("narrow/last.safetensors"));
  PretrainOptions options = TinyRun(folder, "wide");
  options.network.checkpoint = folder.File("narrow/last.safetensors");
  options.network.features = kMultiStats;
  options.network.features_stated = true;

  Model widened = LoadModel(options.network.checkpoint);
  ASSERT_TRUE(WidenFeatures(options.network, &widened));
  {
    const at::NoGradGuard no_grad;
    const at::Tensor images = at::rand({2, 3, 64, 64});
    EXPECT_TRUE(at::allclose(
        widened.network->Project(widened.network->Features(images)),
        narrow.network->Project(narrow.network->Features(images)), 1e-4, 1e-5));
  }

  Pretrain(options);
  const Model wide = LoadModel(folder.File("wide/last.safetensors"));
  EXPECT_EQ(wide.info.architecture.features, kMultiStats);
  std::map<std::string, at::Tensor> state;
  for (auto& [name, tensor] : StateDict(*wide.network)) state[name] = tensor;
  const at::Tensor mean = state.at("extractor.projector.mean");
  const int64_t first = mean.size(0) - kPictureStatistics;
  EXPECT_GT(mean.narrow(0, first, kPictureStatistics).sum().item<float>(), 1);
  const at::Tensor weight = state.at("extractor.projector.weight");
  EXPECT_GT(
      weight.narrow(1, first, kPictureStatistics).abs().max().item<float>(), 0);

  options.network.features = kLast;
  EXPECT_THROW(Pretrain(options), Error);
}

TEST(PretrainTest, SeedsDecide) {
  const ScratchFolder folder;
  WriteTinyPhotos(folder, 6);
  Pretrain(TinyRun(folder, "a"));
  Pretrain(TinyRun(folder, "b"));
  PretrainOptions other = TinyRun(folder, "c");
  other.data.seed = 2;
  Pretrain(other);
  const std::string first = Bytes(folder.File("a/last.safetensors"));
  ASSERT_FALSE(first.empty());
  EXPECT_TRUE(first == Bytes(folder.File("b/last.safetensors")));
  EXPECT_FALSE(first == Bytes(folder.File("c/last.safetensors")));
}

TEST(PretrainTest, ResumedRunEqualsUninterruptedRun) {
  const ScratchFolder folder;
  WriteTinyPhotos(folder, 6);
  PretrainOptions whole = TinyRun(folder, "whole");
  whole.task.epochs = 3;
  Pretrain(whole);
  PretrainOptions broken = whole;
  broken.run.out = folder.File("broken");
  broken.optimiser.save_every = 1;
  RunInterrupted(broken.run.out, [&broken] { Pretrain(broken); });
  broken.run.resume = true;
  Pretrain(broken);
  const std::string wanted = Bytes(folder.File("whole/last.safetensors"));
  ASSERT_FALSE(wanted.empty());
  EXPECT_TRUE(wanted == Bytes(folder.File("broken/last.safetensors")));
}

/// The program, killed without a chance to say goodbye.
TEST(PretrainTest, KilledRunIsResumedToTheBit) {
  const ScratchFolder folder;
  WriteTinyPhotos(folder, 6);
  const auto arguments = [&folder](const std::string& out) {
    return std::vector<std::string>{"pretrain",
                                    "--dataset",
                                    "online",
                                    "--data",
                                    folder.File("photos"),
                                    "--val-tasks",
                                    "12",
                                    "--val-fraction",
                                    "0.25",
                                    "--view-size",
                                    "64",
                                    "--views",
                                    "native:1",
                                    "--node-size",
                                    "16",
                                    "--edge-size",
                                    "8",
                                    "--tasks",
                                    "3",
                                    "--bs",
                                    "2",
                                    "--steps",
                                    "3",
                                    "--epochs",
                                    "3",
                                    "--save-every",
                                    "1",
                                    "--threads",
                                    "1",
                                    "--storage",
                                    "single",
                                    "--out",
                                    folder.File(out)};
  };
  ASSERT_EQ(WaitForExit(StartTrainer(arguments("whole"))), 0);
  const pid_t child = StartTrainer(arguments("broken"));
  ASSERT_GT(child, 0);
  WaitForFile(folder.File("broken/state.safetensors"));
  kill(child, SIGKILL);
  ASSERT_EQ(WaitForExit(child), 128 + SIGKILL);
  std::vector<std::string> again = arguments("broken");
  again.push_back("--resume");
  ASSERT_EQ(WaitForExit(StartTrainer(again)), 0);
  const std::string wanted = Bytes(folder.File("whole/last.safetensors"));
  ASSERT_FALSE(wanted.empty());
  EXPECT_TRUE(wanted == Bytes(folder.File("broken/last.safetensors")));
}

TEST(PretrainTest, HeadsAloneLearnFromFeatures) {
  const ScratchFolder folder;
  WriteTinyPhotos(folder, 8);
  PretrainOptions options = TinyRun(folder, "run");
  options.head.epochs = 4;
  options.head.versions = 6;
  options.head.batch = 4;
  options.task.tasks = 8;
  options.task.epochs = 0;
  const PretrainResult result = Pretrain(options);
  EXPECT_EQ(result.best.phase, "head");
  EXPECT_TRUE(std::filesystem::exists(folder.File("run/best.safetensors")));
}

/// Sets keep originals (distortion 0) beside their copies; the released
/// protocol has no class for them.
TEST(TaskSourceTest, OriginalsAreATaskOnlyWithANoneClass) {
  Dataset dataset;
  dataset.rated = false;
  for (int distortion : {0, 1, 2}) {
    Sample sample;
    sample.distortion = distortion;
    sample.level = distortion == 0 ? 0 : 3;
    dataset.samples.push_back(sample);
  }
  PictureCache pictures({"a", "b", "c"}, 0);
  const TaskSource released(dataset, &pictures, {0, 1, 2}, 25);
  EXPECT_EQ(released.types(), (std::vector<int>{0, 1}));
  const TaskSource own(dataset, &pictures, {0, 1, 2}, 26);
  EXPECT_EQ(own.types(), (std::vector<int>{0, 1, 25}));
  EXPECT_FALSE(own.online());
}

TEST(KadidScoresTest, RatiosAreOrderedAndBounded) {
  EXPECT_EQ(KadidRatio(0, 0), 1);
  for (int type = 1; type <= 25; ++type) {
    for (int level = 1; level <= 5; ++level) {
      EXPECT_GT(KadidRatio(type, level), 0);
      EXPECT_LE(KadidRatio(type, level), 1);
      if (IsIdentity(type, level)) {
        EXPECT_GT(KadidMeanScore(type, level), 4.5);
      }
    }
    EXPECT_LT(KadidMeanScore(type, 5), 4.5) << type;
  }
  EXPECT_THROW(KadidMeanScore(26, 1), Error);
  EXPECT_THROW(KadidMeanScore(1, 6), Error);
}

}  // namespace
}  // namespace graphiqa
