// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "name.h"

#include <ATen/Functions.h>
#include <gtest/gtest.h>
#include <torch/utils.h>

#include <fstream>
#include <iterator>

#include "broken_run.h"
#include "finetune.h"
#include "kadid_scores.h"
#include "network/model_file.h"
#include "scratch_data.h"
#include "session.h"

namespace graphiqa {
namespace {

std::string Bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A model with a random backbone that counts as trained to score.
std::string WriteModel(const ScratchFolder& folder,
                       const std::string& features) {
  NetworkOptions network;
  network.features = features;
  network.node_size = 16;
  network.edge_size = 8;
  network.code_size = 8;
  Model model = BuildModel(network, ParseViews("native:1,whole@1:1", 64), 1);
  model.info.name = "before";
  model.info.heads.mos = true;
  model.info.score = {1, 50, {}};
  const std::string path = folder.File(features + ".safetensors");
  SaveModel(path, model.info, *model.network, StorageType::kFloat32);
  return path;
}

NameOptions TinyRun(const ScratchFolder& folder, const std::string& out) {
  NameOptions options;
  options.data.sets = {{"csv", {folder.File("list.csv"), "", "0,100"}, ""},
                       {"online", {folder.File("photos"), "", ""}, ""}};
  options.data.val_fraction = 0.4;
  options.count = 60;
  options.per_file = 20;
  options.statistics = folder.File("statistics");
  options.naming.hidden = {24, 16};
  options.naming.epochs = 3;
  options.naming.batch = 32;
  options.run.half = false;
  options.run.out = folder.File(out);
  return options;
}

TEST(NameTest, TheSameSeedGivesTheSameBitsAndTheScoreStays) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  WriteTinyPhotos(folder, 5);
  NameOptions options = TinyRun(folder, "a");
  options.checkpoint = WriteModel(folder, kMultiStats);
  Name(options);
  options.run.out = folder.File("b");
  Name(options);
  const std::string first = Bytes(folder.File("a/best.safetensors"));
  ASSERT_FALSE(first.empty());
  EXPECT_TRUE(first == Bytes(folder.File("b/best.safetensors")));
  const Model before = LoadModel(options.checkpoint);
  const Model after = LoadModel(folder.File("a/best.safetensors"));
  EXPECT_EQ(after.info.architecture.namer, (std::vector<int64_t>{24, 16}));
  EXPECT_EQ(after.info.score.drops.levels.size(), 26u);
  EXPECT_TRUE(after.info.heads.type && after.info.heads.level);
  const at::Tensor images = at::rand({2, 3, 64, 64});
  const at::Tensor features = before.network->Features(images);
  EXPECT_TRUE(after.network->Features(images).equal(features));
  EXPECT_TRUE(after.network->Judge(features).mos_mu.equal(
      before.network->Judge(features).mos_mu));
}

TEST(NameTest, DistortedPicturesDoNotTeachTheGraphOfSuchAModel) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  WriteTinyPhotos(folder, 5);
  NameOptions options = TinyRun(folder, "named");
  options.checkpoint = WriteModel(folder, kMultiStats);
  options.naming.epochs = 1;
  Name(options);
  FinetuneOptions finetune;
  finetune.data = options.data;
  finetune.network.checkpoint = folder.File("named/best.safetensors");
  finetune.views = ParseViews("native:1,whole@1:1", 64);
  finetune.run.out = folder.File("finetune");
  EXPECT_NE(MessageOf([&] { Finetune(finetune); }).find("gq-trainer name"),
            std::string::npos);
}

TEST(NameTest, InterruptedStatisticsGoOnWhereTheyWere) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  WriteTinyPhotos(folder, 5);
  NameOptions options = TinyRun(folder, "part");
  options.checkpoint = WriteModel(folder, kMultiStats);
  options.naming.epochs = 0;
  options.count = 20;
  Name(options);
  options.naming.epochs = 1;
  options.count = 40;
  options.run.out = folder.File("rest");
  Name(options);
  options.statistics = folder.File("anew");
  options.run.out = folder.File("whole");
  Name(options);
  EXPECT_TRUE(Bytes(folder.File("rest/best.safetensors")) ==
              Bytes(folder.File("whole/best.safetensors")));
}

TEST(NameTest, SaysWhichModelsItCannotTeach) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  WriteTinyPhotos(folder, 5);
  NameOptions options = TinyRun(folder, "run");
  options.checkpoint = WriteModel(folder, kMulti);
  EXPECT_NE(MessageOf([&] { Name(options); }).find("multi-stats"),
            std::string::npos);
  options.data.sets.resize(1);
  options.run.out = folder.File("rated");
  EXPECT_NE(MessageOf([&] { Name(options); }).find("photographs"),
            std::string::npos);
}

TEST(NamingNetTest, LearnsTypesAndLevelsThatStatisticsShow) {
  torch::manual_seed(3);
  NamingData data;
  const int64_t count = 2000;
  data.types = at::randint(3, {count}, at::kLong);
  data.levels = at::where(data.types == 2, at::zeros({count}),
                          at::randint(1, 6, {count}).to(at::kFloat));
  data.statistics = 0.05 * at::randn({count, 10});
  data.statistics.select(1, 0).add_(data.types.to(at::kFloat));
  // Each type shows its level elsewhere.
  data.statistics.select(1, 1).add_(data.levels * (data.types == 0));
  data.statistics.select(1, 2).add_(data.levels * (data.types == 1));
  NamingOptions options;
  options.hidden = {32};
  options.epochs = 30;
  options.batch = 64;
  options.dropout = 0;
  options.rate = 1e-2;
  options.ema = 0.99;
  Namer namer(10, options.hidden, 3);
  int epochs = 0;
  TrainNamer(data, options, 1, &namer, [&](int, double) { ++epochs; });
  EXPECT_EQ(epochs, 30);
  const NamedPictures named =
      NamePictures(&namer, data.statistics.unsqueeze(1));
  EXPECT_GT((named.types == data.types).to(at::kFloat).mean().item<float>(),
            0.99f);
  EXPECT_LT((named.levels - data.levels).abs().mean().item<float>(), 0.3f);
}

/// Types 0 and 1 named right, level 2 of 5 each, at one score.
std::vector<SaidPicture> NamedRight() {
  std::vector<SaidPicture> pictures;
  for (int type = 0; type <= 2; ++type) {
    for (int i = 0; i < 10; ++i) {
      SaidPicture picture;
      picture.type = type;
      picture.level = type == 0 ? 0 : 2;
      picture.score = 70;
      picture.said = type == 0 ? 2 : type - 1;
      picture.confidence = 1;
      picture.said_level = picture.level;
      pictures.push_back(picture);
    }
  }
  return pictures;
}

TEST(ScoreDropsTest, BringScoresToWherePeoplePutThem) {
  DropOptions options;
  options.sure = 0.5;
  options.floor = 10;
  const Drops drops = FitDrops(NamedRight(), 3, options);
  for (int type = 1; type <= 2; ++type) {
    EXPECT_NEAR(70 - drops[static_cast<size_t>(type - 1)][1],
                10 + 60 * KadidRatio(type, 2), 0.1);
  }
  EXPECT_EQ(drops[0][4], 0);
  EXPECT_EQ(drops[2], (std::array<double, 5>{}));
}

TEST(ScoreDropsTest, RatedPicturesHoldThemDown) {
  std::vector<SaidPicture> pictures = NamedRight();
  SaidPicture rated = pictures.back();
  rated.rated = true;
  rated.score = 40;
  pictures.push_back(rated);
  DropOptions options;
  options.natural = 0;
  const double free = FitDrops(pictures, 3, options)[1][1];
  options.natural = 1;
  const double held = FitDrops(pictures, 3, options)[1][1];
  EXPECT_GT(free, 20);
  EXPECT_LT(held, 0.1 * free);
}

TEST(VersionTest, IsAFunctionOfItsNumber) {
  const VersionOptions options;
  int none = 0;
  for (uint64_t number = 0; number < 1000; ++number) {
    const Version a = DrawVersion(number, 7, options);
    const Version b = DrawVersion(number, 7, options);
    EXPECT_EQ(a.draw, b.draw);
    EXPECT_EQ(a.type, b.type);
    EXPECT_LT(a.content, 7u);
    EXPECT_EQ(a.type == 0, a.level == 0);
    none += a.type == 0;
  }
  EXPECT_NEAR(none, 1000 * options.none, 25);
}

}  // namespace
}  // namespace graphiqa
