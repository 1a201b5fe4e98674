// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "finetune.h"

#include <ATen/Functions.h>
#include <gtest/gtest.h>
#include <torch/utils.h>

#include <cmath>
#include <fstream>
#include <iterator>

#include "broken_run.h"
#include "evaluate.h"
#include "network/model_file.h"
#include "scratch_data.h"
#include "side_nodes.h"

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

/// Values of a parameter at the place that it has in a smaller network.
at::Tensor Corner(const std::string& file, const std::string& name,
                  at::IntArrayRef sizes) {
  at::Tensor value = LoadModel(file).network->named_parameters()[name];
  for (size_t i = 0; i < sizes.size(); ++i) {
    value = value.narrow(static_cast<int64_t>(i), 0, sizes[i]);
  }
  return value.detach().clone();
}

TEST(FinetuneTest, SideNodesLearnAndLeaveTheRestAlone) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  WriteTinyPhotos(folder, 4);
  FinetuneOptions options = TinyRun(folder, "rated");
  options.tune.epochs = 0;
  Finetune(options);
  options = MixedRun(folder, "side");
  options.network.checkpoint = folder.File("rated/best.safetensors");
  options.network.features = kMultiStats;
  options.network.features_stated = true;
  options.tune.epochs = 0;
  options.head.side_nodes = 8;
  options.head.epochs = 1;
  options.head.tasks = 40;
  const double first = Finetune(options).best.loss;
  options.run.out = folder.File("longer");
  options.head.epochs = 60;
  options.head.rate = 1e-2;
  EXPECT_LT(Finetune(options).best.loss, 0.95 * first);
  const std::string before = options.network.checkpoint;
  const std::string after = folder.File("longer/best.safetensors");
  const Model grown = LoadModel(after);
  EXPECT_TRUE(grown.info.heads.mos && grown.info.heads.type &&
              grown.info.heads.level);
  EXPECT_EQ(grown.info.architecture.node_size, 24);
  for (const char* name :
       {"domainlevelgraph.gcn_v.fc.2.weight",
        "domainlevelgraph.gcn_v.fc.4.bias",
        "domainlevelgraph.gcn_e.gcn.W1.weight", "hyperpredmos.fc.2.weight",
        "hyperpredmos.fc.0.bias"}) {
    const at::Tensor old = LoadModel(before).network->named_parameters()[name];
    EXPECT_TRUE(Corner(after, name, old.sizes()).equal(old)) << name;
  }
  // Side nodes see statistics alone, and nothing else sees those.
  const at::Tensor projector =
      grown.network->named_parameters()["extractor.projector.weight"];
  const int64_t multi = projector.size(1) - StatisticsSize(kMultiStats);
  EXPECT_EQ(projector.slice(0, 16).slice(1, 0, multi).abs().max().item<float>(),
            0.0f);
  EXPECT_EQ(projector.slice(0, 0, 16).slice(1, multi).abs().max().item<float>(),
            0.0f);
  EXPECT_GT(projector.slice(0, 16).slice(1, multi).abs().max().item<float>(),
            0.0f);
}

TEST(FinetuneTest, SideNodesSayWhatTheyMiss) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  WriteTinyPhotos(folder, 4);
  FinetuneOptions options = MixedRun(folder, "run");
  options.head.side_nodes = 8;
  EXPECT_NE(MessageOf([&] {
              Finetune(options);
            }).find("--side-nodes 8 wants --restore"),
            std::string::npos);
  FinetuneOptions rated = TinyRun(folder, "rated");
  rated.tune.epochs = 0;
  Finetune(rated);
  options.network.checkpoint = folder.File("rated/best.safetensors");
  options.run.out = folder.File("everything");
  EXPECT_NE(MessageOf([&] { Finetune(options); }).find("wants --epochs 0"),
            std::string::npos);
  options.tune.epochs = 0;
  options.run.out = folder.File("features");
  EXPECT_NE(
      MessageOf([&] { Finetune(options); }).find("--features multi-stats"),
      std::string::npos);
}

/// What a network says stays as it is when nodes are added.
TEST(SideNodesTest, TheScoreStays) {
  at::manual_seed(5);
  torch::manual_seed(5);
  Model model;
  model.info.architecture = MakeArchitecture("efficientnet_lite0", kMultiStats,
                                             16, 8, 8, {"a", "b", "none"});
  model.network = std::make_shared<Network>(model.info.architecture);
  const int64_t size = model.info.architecture.feature_size;
  model.network->SetFeatureStatistics(at::zeros({size}), at::ones({size}));
  const at::Tensor features = at::randn({6, size});
  const auto say = [&] {
    const at::NoGradGuard no_grad;
    return model.network->Heads(model.network->Project(features),
                                GraphForm::kRow, EdgeSummary::kDiagonal);
  };
  const HeadOutputs before = say();
  AddSideNodes(8, &model);
  EXPECT_TRUE(at::allclose(say().mos_mu, before.mos_mu, 1e-5, 1e-6));
  SideNodes side(model.network.get(), 8);
  side.Initialise();
  const HeadOutputs after = say();
  EXPECT_TRUE(at::allclose(after.mos_mu, before.mos_mu, 5e-2, 5e-2))
      << "but for the length of the codes";
  EXPECT_GT(after.type_logits.std(0).max().item<float>(), 0.0f);
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
