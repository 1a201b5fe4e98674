// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Runs of several processes against the run of one, and what becomes of them
/// when one of them ends early.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>

#include "broken_run.h"
#include "format/safetensors.h"
#include "ranks/launch.h"
#include "scratch_data.h"
#include "trainer_process.h"

namespace graphiqa {
namespace {

using Arguments = std::vector<std::string>;

/// Bounds of what may differ between two states.
struct Tolerance {
  double largest;    ///< of any weight
  double weights;    ///< L2 of the difference over L2
  double gradients;  ///< the same of their running means
};

// Sums over a batch are rounded in another order. The deviations of almost
// flat maps, as a random backbone makes of blurred pictures, have a gradient
// that magnifies this. A wrong share or scale of the gradients is off by a
// quarter at least.
constexpr Tolerance kFewSteps{2e-6, 1e-7, 1e-3};

// Where a gradient is all but zero, AdamW makes of its rounding a step either
// way, at a rate of 1e-4; later gradients differ by what that changes.
constexpr Tolerance kSixSteps{1e-4, 1e-5, 1e-2};

/// How two states differ.
struct Difference {
  double largest = 0;  ///< of the weights
  double weights = 0;  ///< L2 of the difference over L2
  double gradients = 0;
};

double SumOfSquares(const TensorView& a, const TensorView* b, double* largest) {
  double sum = 0;
  for (size_t i = 0; i < a.bytes / sizeof(float); ++i) {
    float x = 0;
    float y = 0;
    std::memcpy(&x, a.data + i * sizeof x, sizeof x);
    if (b) std::memcpy(&y, b->data + i * sizeof y, sizeof y);
    const double difference = static_cast<double>(x) - static_cast<double>(y);
    sum += difference * difference;
    *largest = std::max(*largest, std::abs(difference));
  }
  return sum;
}

bool EndsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() &&
         text.compare(text.size() - end.size(), end.size(), end) == 0;
}

Difference Compare(const std::string& wanted, const std::string& got) {
  const SafetensorsFile a = SafetensorsFile::Open(wanted);
  const SafetensorsFile b = SafetensorsFile::Open(got);
  EXPECT_EQ(a.tensors().size(), b.tensors().size());
  EXPECT_EQ(a.metadata().at("epoch"), b.metadata().at("epoch"));
  double off[2] = {0, 0};
  double all[2] = {0, 0};
  Difference difference;
  for (const TensorView& view : a.tensors()) {
    const bool weight = view.name.rfind("model.", 0) == 0;
    if (view.dtype != DType::kF32) continue;
    if (!weight && !EndsWith(view.name, ".exp_avg")) continue;
    const TensorView* other = b.Find(view.name);
    if (!other || other->bytes != view.bytes) {
      ADD_FAILURE() << view.name;
      continue;
    }
    double ignored = 0;
    off[weight] +=
        SumOfSquares(view, other, weight ? &difference.largest : &ignored);
    all[weight] += SumOfSquares(view, nullptr, &ignored);
  }
  difference.weights = std::sqrt(off[1] / all[1]);
  difference.gradients = std::sqrt(off[0] / all[0]);
  return difference;
}

void ExpectSame(const char* what, const std::string& wanted,
                const std::string& got, const Tolerance& tolerance) {
  const Difference difference =
      Compare(wanted + "/state.safetensors", got + "/state.safetensors");
  std::printf(
      "| %s | largest difference of a weight %.1e | weights %.1e | "
      "gradients %.1e |\n",
      what, difference.largest, difference.weights, difference.gradients);
  EXPECT_LE(difference.largest, tolerance.largest);
  EXPECT_LE(difference.weights, tolerance.weights);
  EXPECT_LE(difference.gradients, tolerance.gradients);
}

/// Rated pictures and photographs, and what one process makes of them.
class RanksTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<ScratchFolder>();
    WriteTinyDataset(*folder_);
    WriteTinyPhotos(*folder_, 6);
    ASSERT_EQ(Run("one").ExitCode(), 0);
  }

  static void TearDownTestSuite() { folder_.reset(); }

  static std::string File(const std::string& name) {
    return folder_->File(name);
  }

  /// PLCC couples the pictures of a step; four of them and six distorted ones.
  static Arguments Finetune(const std::string& out, const Arguments& more) {
    Arguments arguments{"finetune",
                        "--dataset",
                        "csv,online",
                        "--data",
                        File("list.csv") + "," + File("photos"),
                        "--mos-range",
                        "0,100",
                        "--photos",
                        "2",
                        "--versions",
                        "2",
                        "--bs",
                        "4",
                        "--head-epochs",
                        "1",
                        "--head-bs",
                        "4",
                        "--head-draws",
                        "1",
                        "--epochs",
                        "3"};
    return Tiny(std::move(arguments), out, more);
  }

  static Arguments Pretrain(const std::string& out, const Arguments& more) {
    Arguments arguments{
        "pretrain", "--dataset", "online", "--data", File("photos"),
        "--tasks",  "4",         "--bs",   "2",      "--steps",
        "1",        "--epochs",  "1",      "--form", "batch"};
    return Tiny(std::move(arguments), out, more);
  }

  static TrainerProcess Run(const std::string& out, const Arguments& more = {},
                            const std::vector<Variable>& environment = {}) {
    return TrainerProcess(Finetune(out, more), environment, File("log"));
  }

  /// A rank as a launcher starts it.
  static std::unique_ptr<TrainerProcess> Launch(int rank, int size, int port,
                                                const std::string& out,
                                                const Arguments& more = {}) {
    const std::vector<Variable> environment{
        {"RANK", std::to_string(rank)},
        {"WORLD_SIZE", std::to_string(size)},
        {"MASTER_ADDR", "127.0.0.1"},
        {"MASTER_PORT", std::to_string(port)}};
    return std::make_unique<TrainerProcess>(
        Finetune(out, more), environment,
        File("log-of-rank-" + std::to_string(rank)));
  }

 private:
  static Arguments Tiny(Arguments arguments, const std::string& out,
                        const Arguments& more) {
    for (const char* text :
         {"--val-tasks", "6", "--val-fraction", "0.3", "--view-size", "64",
          "--views", "native:1", "--node-size", "16", "--edge-size", "8",
          "--save-every", "1", "--threads", "1", "--storage", "single",
          "--out"}) {
      arguments.push_back(text);
    }
    arguments.push_back(File(out));
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  static std::unique_ptr<ScratchFolder> folder_;
};

std::unique_ptr<ScratchFolder> RanksTest::folder_;

bool Says(const TrainerProcess& process, const std::string& text) {
  return process.Log().find(text) != std::string::npos;
}

TEST_F(RanksTest, FourRanksEqualOneProcess) {
  TrainerProcess one = Run("short", {"--epochs", "1"});
  EXPECT_EQ(one.ExitCode(), 0) << one.Log();
  TrainerProcess four = Run("four", {"--epochs", "1", "--ranks", "4"});
  EXPECT_EQ(four.ExitCode(), 0) << four.Log();
  ExpectSame("finetune, 4 ranks, 2 steps", File("short"), File("four"),
             kFewSteps);
}

/// Sixteen pictures on three ranks: anchor and positive batches are torn, and
/// graphs are of whole batches.
TEST_F(RanksTest, PretrainingOnThreeRanksEqualsOneProcess) {
  TrainerProcess one(Pretrain("pretrain-one", {}), {}, File("log"));
  EXPECT_EQ(one.ExitCode(), 0) << one.Log();
  TrainerProcess three(Pretrain("pretrain-three", {"--ranks", "3"}), {},
                       File("log"));
  EXPECT_EQ(three.ExitCode(), 0) << three.Log();
  ExpectSame("pretrain, 3 ranks, 1 step", File("pretrain-one"),
             File("pretrain-three"), kFewSteps);
}

TEST_F(RanksTest, LaunchedRanksStopTogetherAndGoOn) {
  const int port = FreePort();
  auto first = Launch(0, 2, port, "launched");
  auto second = Launch(1, 2, port, "launched");
  WaitForFile(File("launched/state.safetensors"));
  second->Signal(SIGTERM);
  EXPECT_EQ(first->ExitCode(), 130) << first->Log();
  EXPECT_EQ(second->ExitCode(), 130) << second->Log();
  EXPECT_TRUE(Says(*first, "interrupted")) << first->Log();
  EXPECT_EQ(second->Log(), "");
  const int again = FreePort();
  first = Launch(0, 2, again, "launched", {"--resume"});
  second = Launch(1, 2, again, "launched", {"--resume"});
  EXPECT_EQ(first->ExitCode(), 0) << first->Log();
  EXPECT_EQ(second->ExitCode(), 0) << second->Log();
  EXPECT_TRUE(Says(*first, "resumed after")) << first->Log();
  ExpectSame("finetune, 2 ranks, interrupted, 6 steps", File("one"),
             File("launched"), kSixSteps);
}

TEST_F(RanksTest, RankLeftAloneNamesTheLostOneAndOneProcessGoesOn) {
  const int port = FreePort();
  auto first = Launch(0, 2, port, "lost");
  auto second = Launch(1, 2, port, "lost");
  WaitForFile(File("lost/state.safetensors"));
  second->Signal(SIGKILL);
  EXPECT_EQ(first->ExitCode(), 1) << first->Log();
  EXPECT_TRUE(Says(*first, "gq-trainer finetune: rank 1 was lost: "))
      << first->Log();
  TrainerProcess resumed = Run("lost", {"--resume"});
  EXPECT_EQ(resumed.ExitCode(), 0) << resumed.Log();
  ExpectSame("finetune, a rank killed, resumed by one process, 6 steps",
             File("one"), File("lost"), kSixSteps);
}

TEST_F(RanksTest, KilledRankEndsTheOthersWithOneLine) {
  TrainerProcess run = Run("killed", {"--ranks", "2", "--epochs", "1000"});
  const pid_t rank = run.Rank(1);
  ASSERT_GT(rank, 0);
  WaitForFile(File("killed/state.safetensors"));
  kill(rank, SIGKILL);
  EXPECT_EQ(run.ExitCode(), 1);
  EXPECT_TRUE(Says(run, "gq-trainer finetune: rank 1 was ended by signal 9"))
      << run.Log();
  EXPECT_FALSE(Says(run, "lost")) << run.Log();
}

TEST_F(RanksTest, WhatRanksCannotShareIsRefusedBeforeTheyStart) {
  const struct {
    Arguments arguments;
    std::vector<Variable> environment;
    const char* wanted;
  } cases[] = {
      {{"--ranks", "2", "--norm", "train"}, {}, "--norm train"},
      {{"--ranks", "5"}, {}, "--bs: a step has 4 pictures, fewer than 5 ranks"},
      {{"--ranks", "3"},
       {{"RANK", "0"},
        {"WORLD_SIZE", "2"},
        {"MASTER_ADDR", "127.0.0.1"},
        {"MASTER_PORT", "29500"}},
       "--ranks 3, but the environment says that this is one of 2"},
      {{}, {{"RANK", "0"}}, "RANK is set but WORLD_SIZE is not"},
      {{"--gpus", "2", "--ranks", "3"}, {}, "--ranks 3, but 2 GPUs"},
      {{"--gpus", "2", "--gpu_ids", "0"}, {}, "differ in number"},
      {{"--gpu_ids", "0,one"}, {}, "--gpu_ids 0,one: numbers of GPUs"},
      {{"--gpus", "1", "--device", "cpu"}, {}, "has no use for --gpus"},
  };
  for (const auto& item : cases) {
    TrainerProcess run = Run("refused", item.arguments, item.environment);
    EXPECT_EQ(run.ExitCode(), 2) << item.wanted;
    EXPECT_TRUE(Says(run, item.wanted)) << run.Log();
  }
  EXPECT_FALSE(std::filesystem::exists(File("refused")));
}

}  // namespace
}  // namespace graphiqa
