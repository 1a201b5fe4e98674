// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "finetune.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>

#include "broken_run.h"
#include "evaluate.h"
#include "network/model_file.h"
#include "scratch_data.h"

namespace graphiqa {
namespace {

/// Tiny views and a tiny node size on a random backbone.
FinetuneOptions TinyRun(const ScratchFolder& folder, const std::string& out) {
  FinetuneOptions options;
  options.data.sets = {{"csv", {folder.File("list.csv"), "", "0,100"}, ""}};
  options.network.node_size = 16;
  options.network.edge_size = 8;
  options.network.code_size = 8;
  options.views = ParseViews("native:1,whole@1:1", 64);
  options.train_views = options.views;
  options.task_views = options.views;
  options.head.epochs = 3;
  options.head.batch = 4;
  options.tune.epochs = 2;
  options.tune.batch = 4;
  options.optimiser.ema = 0.9;
  options.run.half = false;
  options.run.threads = 1;
  options.run.out = folder.File(out);
  return options;
}

std::string Bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(FinetuneTest, OverfitsEightPictures) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  FinetuneOptions options = TinyRun(folder, "run");
  options.head.epochs = 60;
  options.head.rate = 3e-3;
  options.head.dropout = 0;
  // A random backbone's features hardly vary, so its weights must not move.
  options.optimiser.backbone_rate = 0;
  options.optimiser.rate = 3e-4;
  options.optimiser.ema = 0;
  Finetune(options);
  EvaluateOptions evaluate;
  evaluate.data = options.data;
  evaluate.data.sets[0].split_file = folder.File("run/split.csv");
  evaluate.part = "train";
  evaluate.device = "cpu";
  evaluate.checkpoint = folder.File("run/last.safetensors");
  const auto predictions = ScoreDataset(evaluate);
  ASSERT_EQ(predictions.size(), 8u);
  EXPECT_GT(Measure(predictions).srocc, 0.95);
  EXPECT_LT(Measure(predictions).rmse, 10);
}

TEST(FinetuneTest, SameSeedGivesTheSameBits) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  Finetune(TinyRun(folder, "a"));
  Finetune(TinyRun(folder, "b"));
  const std::string first = Bytes(folder.File("a/last.safetensors"));
  ASSERT_FALSE(first.empty());
  EXPECT_TRUE(first == Bytes(folder.File("b/last.safetensors")));
  FinetuneOptions other = TinyRun(folder, "c");
  other.data.seed = 2;
  Finetune(other);
  EXPECT_FALSE(first == Bytes(folder.File("c/last.safetensors")));
}

TEST(FinetuneTest, ResumedRunEqualsUninterruptedRun) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  FinetuneOptions whole = TinyRun(folder, "whole");
  whole.tune.epochs = 4;
  Finetune(whole);
  FinetuneOptions broken = TinyRun(folder, "broken");
  broken.tune.epochs = 4;
  broken.optimiser.save_every = 1;
  RunInterrupted(broken.run.out, [&broken] { Finetune(broken); });
  broken.optimiser.save_every = 200;
  broken.run.resume = true;
  Finetune(broken);
  const std::string wanted = Bytes(folder.File("whole/last.safetensors"));
  ASSERT_FALSE(wanted.empty());
  EXPECT_TRUE(wanted == Bytes(folder.File("broken/last.safetensors")));
  broken.optimiser.rate = 0.5;
  EXPECT_NE(MessageOf([&] { Finetune(broken); }).find("optimiser.rate"),
            std::string::npos);
}

/// Rated pictures and photographs to distort in one run.
FinetuneOptions MixedRun(const ScratchFolder& folder, const std::string& out) {
  FinetuneOptions options = TinyRun(folder, out);
  options.data.sets.push_back({"online", {folder.File("photos"), "", ""}, ""});
  options.data.val_fraction = 0.3;
  options.data.val_tasks = 12;
  options.tune.photos = 2;
  options.tune.versions = 2;
  return options;
}

TEST(FinetuneTest, MixedRunTrainsAllHeadsAndRepeats) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  WriteTinyPhotos(folder, 4);
  const FinetuneResult first = Finetune(MixedRun(folder, "a"));
  Finetune(MixedRun(folder, "b"));
  EXPECT_GE(first.best.type_accuracy, 0);
  EXPECT_LE(first.best.type_accuracy, 1);
  const std::string bytes = Bytes(folder.File("a/last.safetensors"));
  ASSERT_FALSE(bytes.empty());
  EXPECT_TRUE(bytes == Bytes(folder.File("b/last.safetensors")));
  const Model model = LoadModel(folder.File("a/last.safetensors"));
  EXPECT_TRUE(model.info.heads.mos && model.info.heads.type &&
              model.info.heads.level);
  EXPECT_EQ(model.info.architecture.types.back(), "none");
}

TEST(FinetuneTest, BfloatRunLearnsToo) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  FinetuneOptions options = TinyRun(folder, "run");
  options.optimiser.bf16 = true;
  const FinetuneResult result = Finetune(options);
  EXPECT_TRUE(std::isfinite(result.best.loss));
}

TEST(FinetuneTest, FolderOfAnotherRunIsRefused) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  folder.Write("run/config.json", "{}");
  EXPECT_NE(MessageOf([&] {
              Finetune(TinyRun(folder, "run"));
            }).find("already holds a run"),
            std::string::npos);
}

}  // namespace
}  // namespace graphiqa
