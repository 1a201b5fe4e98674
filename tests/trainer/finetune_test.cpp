// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "finetune.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

#include "evaluate.h"
#include "interrupt.h"
#include "scratch_data.h"

namespace graphiqa {
namespace {

/// Tiny views and a tiny node size on a random backbone.
FinetuneOptions TinyRun(const ScratchFolder& folder, const std::string& out) {
  FinetuneOptions options;
  options.data.dataset = "csv";
  options.data.source = {folder.File("list.csv"), "", "0,100"};
  options.network.node_size = 16;
  options.network.edge_size = 8;
  options.network.code_size = 8;
  options.views = ParseViews("native:1,whole@1:1", 64);
  options.train_views = options.views;
  options.head.epochs = 3;
  options.head.batch = 4;
  options.tune.epochs = 2;
  options.tune.batch = 4;
  options.tune.degrade = 0.5;
  options.tune.ema = 0.9;
  options.half = false;
  options.threads = 1;
  options.out = folder.File(out);
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
  options.tune.backbone_rate = 0;
  options.tune.rate = 3e-4;
  options.tune.degrade = 0;
  options.tune.ema = 0;
  Finetune(options);
  EvaluateOptions evaluate;
  evaluate.data = options.data;
  evaluate.data.split_file = folder.File("run/split.csv");
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

/// Runs until the first state is written, then as if Ctrl-C was pressed.
void RunInterrupted(const FinetuneOptions& options) {
  WatchInterrupts();
  std::thread user([&options] {
    const std::string state = options.out + "/state.safetensors";
    while (!std::filesystem::exists(state)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::raise(SIGINT);
  });
  ErrorCode code = ErrorCode::kUsage;
  try {
    Finetune(options);
  } catch (const Error& error) {
    code = error.code();
  }
  user.join();
  ForgetInterrupts();
  EXPECT_EQ(code, ErrorCode::kCancelled);
}

TEST(FinetuneTest, ResumedRunEqualsUninterruptedRun) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  FinetuneOptions whole = TinyRun(folder, "whole");
  whole.tune.epochs = 4;
  Finetune(whole);
  FinetuneOptions broken = TinyRun(folder, "broken");
  broken.tune.epochs = 4;
  broken.tune.save_every = 1;
  RunInterrupted(broken);
  broken.tune.save_every = 200;
  broken.resume = true;
  Finetune(broken);
  const std::string wanted = Bytes(folder.File("whole/last.safetensors"));
  ASSERT_FALSE(wanted.empty());
  EXPECT_TRUE(wanted == Bytes(folder.File("broken/last.safetensors")));
  broken.tune.rate = 0.5;
  EXPECT_NE(MessageOf([&] { Finetune(broken); }).find("all.rate"),
            std::string::npos);
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
