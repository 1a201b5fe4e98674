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

/// Copies are placed relative to what the photographs scored at the start, not
/// when the run went on.
TEST(FinetuneTest, ResumedMixedRunEqualsUninterruptedRun) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  WriteTinyPhotos(folder, 4);
  FinetuneOptions whole = MixedRun(folder, "whole");
  whole.tune.epochs = 4;
  Finetune(whole);
  FinetuneOptions broken = MixedRun(folder, "broken");
  broken.tune.epochs = 4;
  broken.optimiser.save_every = 1;
  RunInterrupted(broken.run.out, [&broken] { Finetune(broken); });
  broken.run.resume = true;
  Finetune(broken);
  const std::string anchors = Bytes(folder.File("whole/anchors.csv"));
  ASSERT_FALSE(anchors.empty());
  EXPECT_EQ(anchors, Bytes(folder.File("broken/anchors.csv")));
  EXPECT_TRUE(Bytes(folder.File("whole/last.safetensors")) ==
              Bytes(folder.File("broken/last.safetensors")));
  folder.Write("broken/anchors.csv", "image,anchor\nelsewhere.png,0.5\n");
  EXPECT_NE(MessageOf([&] { Finetune(broken); }).find("anchors.csv"),
            std::string::npos);
}

TEST(FinetuneTest, PhotographsNeedAModelThatScores) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  WriteTinyPhotos(folder, 4);
  Finetune(MixedRun(folder, "mixed"));
  Model model = LoadModel(folder.File("mixed/last.safetensors"));
  model.info.heads.mos = false;
  SaveModel(folder.File("unrated.safetensors"), model.info, *model.network,
            StorageType::kFloat32);
  FinetuneOptions options = MixedRun(folder, "run");
  options.network.checkpoint = folder.File("unrated.safetensors");
  options.head.epochs = 0;
  EXPECT_NE(MessageOf([&] { Finetune(options); }).find("--head-epochs 0"),
            std::string::npos);
}

at::Tensor ProjectorMean(const Model& model) {
  return model.network->named_buffers()["extractor.projector.mean"];
}

/// A model that knows rated pictures alone, then distorted ones beside them.
TEST(FinetuneTest, RestoredModelIsStandardisedAnewForDistortedPictures) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  WriteTinyPhotos(folder, 4);
  Finetune(TinyRun(folder, "rated"));
  FinetuneOptions options = MixedRun(folder, "mixed");
  options.network.checkpoint = folder.File("rated/last.safetensors");
  options.head.epochs = 0;
  options.tune.epochs = 1;
  Finetune(options);
  const Model before = LoadModel(options.network.checkpoint);
  const Model after = LoadModel(folder.File("mixed/last.safetensors"));
  EXPECT_FALSE(ProjectorMean(before).equal(ProjectorMean(after)));
  // Its other heads are trained now: once more changes nothing.
  options.network.checkpoint = folder.File("mixed/last.safetensors");
  options.run.out = folder.File("again");
  Finetune(options);
  const Model again = LoadModel(folder.File("again/last.safetensors"));
  EXPECT_TRUE(ProjectorMean(after).equal(ProjectorMean(again)));
}

at::Tensor TypeWeight(const std::string& file) {
  return LoadModel(file).network->named_parameters()["classifier.weight"];
}

/// The first phase alone, on kept features of both kinds of pictures.
TEST(FinetuneTest, HeadsLearnDistortionsOnKeptFeatures) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  WriteTinyPhotos(folder, 4);
  FinetuneOptions options = MixedRun(folder, "mixed");
  options.head.epochs = 1;
  options.head.tasks = 40;
  options.tune.epochs = 0;
  const double first = Finetune(options).best.loss;
  options.run.out = folder.File("longer");
  options.head.epochs = 30;
  options.head.rate = 3e-3;
  EXPECT_LT(Finetune(options).best.loss, 0.9 * first);
  const Model model = LoadModel(folder.File("longer/best.safetensors"));
  EXPECT_TRUE(model.info.heads.mos && model.info.heads.type &&
              model.info.heads.level);
}

TEST(FinetuneTest, WithoutVersionsTheMosHeadLearnsAlone) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  WriteTinyPhotos(folder, 4);
  FinetuneOptions options = MixedRun(folder, "mixed");
  options.tune.epochs = 0;
  Finetune(options);
  const std::string trained = folder.File("mixed/best.safetensors");
  options.network.checkpoint = trained;
  options.head.versions = 0;
  options.run.out = folder.File("alone");
  Finetune(options);
  const std::string alone = folder.File("alone/best.safetensors");
  EXPECT_FALSE(LoadModel(alone).info.heads.type);
  EXPECT_TRUE(TypeWeight(trained).equal(TypeWeight(alone)));
  options.head.versions = 2;
  options.run.out = folder.File("all");
  Finetune(options);
  EXPECT_FALSE(TypeWeight(trained).equal(
      TypeWeight(folder.File("all/best.safetensors"))));
}

TEST(FinetuneTest, FirstPhaseTakesNewFeatures) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  FinetuneOptions options = TinyRun(folder, "narrow");
  options.tune.epochs = 0;
  Finetune(options);
  options.network.checkpoint = folder.File("narrow/best.safetensors");
  options.network.features = kMultiStats;
  options.network.features_stated = true;
  options.run.out = folder.File("wide");
  Finetune(options);
  const auto size = [&folder](const std::string& file) {
    return LoadModel(folder.File(file)).info.architecture.feature_size;
  };
  EXPECT_EQ(size("wide/best.safetensors"),
            size("narrow/best.safetensors") + StatisticsSize(kMultiStats));
  options.head.epochs = 0;
  options.run.out = folder.File("none");
  EXPECT_NE(MessageOf([&] { Finetune(options); }).find("first phase"),
            std::string::npos);
}

/// The released code's way: no first phase, scores as they are, one graph,
/// noise, batch norms in training mode.
TEST(FinetuneTest, ReleasedWayPredictsScoresAsTheyAre) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  FinetuneOptions options = TinyRun(folder, "run");
  options.head.epochs = 0;
  options.tune.raw_scores = options.tune.noise = options.tune.batch_graph =
      true;
  options.optimiser.backbone = BackboneMode::kNone;
  options.optimiser.norm = NormMode::kTrain;
  options.loss.smooth_l1 = options.loss.plcc = options.loss.scale = 0;
  options.loss.mse = 1;
  const FinetuneResult result = Finetune(options);
  EXPECT_GT(result.best.loss, 100) << "of scores from 0 to 100, hardly trained";
  const Model model = LoadModel(folder.File("run/last.safetensors"));
  EXPECT_EQ(model.info.score.gain, 1);
  EXPECT_EQ(model.info.score.offset, 0);
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
