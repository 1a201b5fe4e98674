// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// Properties of backbones and heads that hold for any weights.
#include "network/network.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <cmath>

#include "network/efficientnet_lite.h"

namespace graphiqa {
namespace {

/// A network of heads alone, C = 16, K = 4, P = 8, 25 types.
Network MakeHeads(uint64_t seed) {
  at::manual_seed(seed);
  ArchitectureInfo architecture;
  architecture.backbone = kNoBackbone;
  architecture.feature_size = 16;
  architecture.node_size = 16;
  architecture.edge_size = 4;
  architecture.code_size = 8;
  architecture.types = KadidTypeNames();
  return Network(architecture);
}

void ExpectAllFinite(const HeadOutputs& outputs) {
  for (const auto& [name, tensor] : NamedOutputs(outputs)) {
    EXPECT_TRUE(tensor.isfinite().all().item<bool>()) << name << tensor;
  }
}

void ExpectFiniteGradients(const torch::nn::Module& module) {
  for (const auto& item : module.named_parameters()) {
    const at::Tensor& grad = item.value().grad();
    if (!grad.defined()) continue;
    EXPECT_TRUE(grad.isfinite().all().item<bool>()) << item.key();
  }
}

/// Sum of squares of everything the losses use.
at::Tensor Objective(const HeadOutputs& outputs) {
  at::Tensor sum = at::zeros({});
  for (const at::Tensor& tensor :
       {outputs.level_mu, outputs.level_s, outputs.mos_mu, outputs.mos_s,
        outputs.z, outputs.type_logits}) {
    sum = sum + tensor.square().sum();
  }
  return sum;
}

TEST(BackboneTable, RowsMatchTheirModules) {
  const at::NoGradGuard no_grad;
  for (const BackboneEntry* entry = kBackbones; entry->name; ++entry) {
    SCOPED_TRACE(entry->name);
    const auto backbone = entry->make();
    backbone->eval();
    const auto channels = backbone->StageChannels();
    const auto stages = backbone->Forward(at::rand({1, 3, 64, 96}));
    ASSERT_EQ(stages.size(), channels.size());
    ASSERT_EQ(stages.size(), backbone->StageNames().size());
    for (size_t i = 0; i < stages.size(); ++i) {
      EXPECT_EQ(stages[i].size(1), channels[i]);
    }
    EXPECT_EQ(stages.back().size(2), 2);
    EXPECT_EQ(stages.back().size(3), 3);
    int64_t multi = 2 * channels.back();
    for (const size_t stage : backbone->MultiStages()) {
      multi += 2 * channels[stage];
    }
    EXPECT_EQ(entry->last_size, channels.back());
    EXPECT_EQ(entry->multi_size, multi);
  }
}

TEST(BackboneTable, UnknownNameListsTheKnown) {
  try {
    FindBackbone("vgg");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_NE(std::string(error.what()).find("vgg"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("efficientnet_lite0"),
              std::string::npos);
  }
}

TEST(Backbone, ChannelsLastStaysAndChangesNothing) {
  const at::NoGradGuard no_grad;
  at::manual_seed(3);
  for (const char* name : {"resnet18", "efficientnet_lite0"}) {
    SCOPED_TRACE(name);
    Network network(MakeArchitecture(name, "multi", 16, 4, 8, {"a", "b"}));
    network.eval();
    const at::Tensor images = at::rand({2, 3, 65, 64}) - 0.5;
    const auto plain = network.backbone().Forward(images);
    const auto last = network.backbone().Forward(
        images.contiguous(at::MemoryFormat::ChannelsLast));
    for (size_t i = 0; i < plain.size(); ++i) {
      EXPECT_TRUE(last[i].is_contiguous(at::MemoryFormat::ChannelsLast)) << i;
      EXPECT_TRUE(at::allclose(plain[i], last[i], 1e-4, 1e-5)) << i;
    }
  }
}

TEST(SamePadding, IsTensorFlows) {
  using Pair = std::pair<int64_t, int64_t>;
  // Worked by hand from out = ceil(size / stride).
  EXPECT_EQ(SamePadding(224, 3, 2), Pair(0, 1));
  EXPECT_EQ(SamePadding(225, 3, 2), Pair(1, 1));
  EXPECT_EQ(SamePadding(112, 5, 2), Pair(1, 2));
  EXPECT_EQ(SamePadding(7, 5, 2), Pair(2, 2));
  EXPECT_EQ(SamePadding(7, 3, 1), Pair(1, 1));
  EXPECT_EQ(SamePadding(7, 5, 1), Pair(2, 2));
  EXPECT_EQ(SamePadding(1, 3, 2), Pair(1, 1));
  EXPECT_EQ(SamePadding(8, 1, 2), Pair(0, 0));
}

/// A direct convolution at one output pixel with explicit "SAME" geometry.
double StemByHand(const at::Tensor& image, const at::Tensor& weight,
                  int64_t channel, int64_t row, int64_t column) {
  double sum = 0;
  for (int64_t c = 0; c < 3; ++c) {
    for (int64_t ky = 0; ky < 3; ++ky) {
      for (int64_t kx = 0; kx < 3; ++kx) {
        // Even sides: no zeros before, one after.
        const int64_t y = 2 * row + ky, x = 2 * column + kx;
        if (y >= image.size(2) || x >= image.size(3)) continue;
        sum += image[0][c][y][x].item<double>() *
               weight[channel][c][ky][kx].item<double>();
      }
    }
  }
  return sum;
}

TEST(EfficientNetLite, StemPadsAfterThePicture) {
  const at::NoGradGuard no_grad;
  at::manual_seed(11);
  const auto backbone = MakeEfficientNetLite0();
  backbone->eval();
  const at::Tensor image = at::rand({1, 3, 32, 48});
  const at::Tensor stem = backbone->Forward(image)[0];
  ASSERT_EQ(stem.size(2), 16);
  ASSERT_EQ(stem.size(3), 24);
  const at::Tensor weight =
      backbone->named_parameters()["stem.conv.weight"].detach();
  for (const int64_t channel : {0, 7, 31}) {
    for (const auto& [row, column] : {std::pair<int64_t, int64_t>{0, 0},
                                      {0, 23},
                                      {15, 0},
                                      {15, 23},
                                      {8, 5}}) {
      // Fresh norm: mean 0, variance 1, weight 1.
      const double value = StemByHand(image, weight, channel, row, column) /
                           std::sqrt(1 + kEfficientNetLiteNormEps);
      EXPECT_NEAR(stem[0][channel][row][column].item<double>(),
                  std::min(std::max(value, 0.0), 6.0), 1e-5)
          << channel << ' ' << row << ' ' << column;
    }
  }
}

TEST(EfficientNetLite, AnySizeHalvesRoundingUp) {
  const at::NoGradGuard no_grad;
  const auto backbone = MakeEfficientNetLite0();
  backbone->eval();
  const auto stages = backbone->Forward(at::rand({1, 3, 33, 47}));
  const int64_t heights[] = {17, 17, 9, 5, 3, 3, 2, 2, 2};
  const int64_t widths[] = {24, 24, 12, 6, 3, 3, 2, 2, 2};
  for (size_t i = 0; i < stages.size(); ++i) {
    EXPECT_EQ(stages[i].size(2), heights[i]) << i;
    EXPECT_EQ(stages[i].size(3), widths[i]) << i;
  }
}

TEST(Pooling, MultiIsMeansAndDeviationsStageByStage) {
  const at::NoGradGuard no_grad;
  Network network(MakeArchitecture("resnet18", "multi", 16, 4, 8, {"a", "b"}));
  network.eval();
  const auto stages = network.backbone().Forward(at::rand({2, 3, 64, 64}));
  const at::Tensor pooled = network.Pool(stages);
  ASSERT_EQ(pooled.size(1), network.architecture().feature_size);
  int64_t at = 0;
  for (size_t stage = 1; stage <= 4; ++stage) {
    const at::Tensor flat = stages[stage].flatten(2).to(at::kDouble);
    const at::Tensor mean = flat.mean(2, true);
    const at::Tensor deviation = (flat - mean).square().mean(2).sqrt();
    const int64_t c = flat.size(1);
    EXPECT_TRUE(at::allclose(pooled.narrow(1, at, c).to(at::kDouble),
                             mean.squeeze(2), 1e-4, 1e-5));
    EXPECT_TRUE(at::allclose(pooled.narrow(1, at + c, c).to(at::kDouble),
                             deviation, 1e-4, 1e-5));
    at += 2 * c;
  }
}

TEST(Pooling, ConstantChannelsGiveFiniteGradients) {
  Network network(MakeArchitecture("resnet18", "multi", 16, 4, 8, {"a", "b"}));
  network.eval();
  std::vector<at::Tensor> stages;
  for (const int64_t channels : network.backbone().StageChannels()) {
    stages.push_back(at::full({1, channels, 4, 4}, 2.0).requires_grad_());
  }
  network.Pool(stages).square().sum().backward();
  for (size_t i = 1; i < stages.size(); ++i) {
    EXPECT_TRUE(stages[i].grad().isfinite().all().item<bool>()) << i;
  }
}

TEST(Projector, FloorsDeviationsAndClamps) {
  const at::NoGradGuard no_grad;
  Network network(MakeArchitecture("resnet18", "multi", 16, 4, 8, {"a", "b"}));
  const int64_t size = network.architecture().feature_size;
  const at::Tensor mean = at::full({size}, 0.5);
  network.SetFeatureStatistics(mean, at::zeros({size}));
  const at::Tensor weight =
      network.named_parameters()["extractor.projector.weight"];
  const at::Tensor far = network.Project(at::full({1, size}, 100.0));
  EXPECT_TRUE(at::allclose(far[0], weight.sum(1) * kFeatureClamp, 1e-4, 1e-4));
  const at::Tensor step =
      network.Project(at::full({1, size}, 0.5 + 2 * kDeviationFloor));
  EXPECT_TRUE(at::allclose(step[0], weight.sum(1) * 2, 1e-2, 1e-2));
  EXPECT_TRUE(network.Project(mean.unsqueeze(0)).eq(0).all().item<bool>());
}

TEST(Projector, RestandardisesWithoutChangingWhatItGives) {
  const at::NoGradGuard no_grad;
  Network network(MakeArchitecture("resnet18", "multi", 16, 4, 8, {"a", "b"}));
  const int64_t size = network.architecture().feature_size;
  const at::Tensor features = at::linspace(-1, 1, 3 * size).view({3, size});
  network.SetFeatureStatistics(at::full({size}, 0.25), at::full({size}, 0.5));
  network.named_parameters()["extractor.projector.bias"].fill_(0.125);
  const at::Tensor before = network.Project(features);
  network.Restandardise(at::full({size}, -0.5), at::full({size}, 2.0));
  EXPECT_TRUE(at::allclose(network.Project(features), before, 1e-4, 1e-4));
  // Five old deviations above the old clamp are now within.
  EXPECT_FALSE(at::allclose(network.Project(at::full({1, size}, 5.0)),
                            network.Project(at::full({1, size}, 4.25))));
  Network last(MakeArchitecture("resnet18", "last", 0, 4, 8, {"a", "b"}));
  EXPECT_THROW(last.Restandardise(at::ones({1}), at::ones({1})), Error);
}

TEST(GraphNorm, StaysFiniteForAnyDegree) {
  for (const float degree : {0.f, -1.f, -1e6f, 1e-30f, 0.003f, 1e6f}) {
    SCOPED_TRACE(degree);
    // Two nodes whose rows sum to `degree` with the self-loop.
    const float off = (degree - 1) / 2;
    const at::Tensor raw = at::full({2, 2}, off);
    const at::Tensor got = NormaliseGraph(raw);
    EXPECT_TRUE(got.isfinite().all().item<bool>()) << got;
    const double divisor = std::max<double>(degree, kDegreeFloor);
    EXPECT_NEAR(got[0][0].item<double>(), (off + 1) / divisor,
                1e-5 * std::max(1.0, std::abs((off + 1) / divisor)));
  }
}

TEST(GraphNorm, GradientIsFiniteUnderTheFloor) {
  at::Tensor raw = at::full({3, 3}, -0.5).requires_grad_();
  NormaliseGraph(raw).square().sum().backward();
  EXPECT_TRUE(raw.grad().isfinite().all().item<bool>()) << raw.grad();
}

TEST(Heads, SilentImagesGiveFiniteOutputsAndGradients) {
  for (const GraphForm form : {GraphForm::kBatch, GraphForm::kRow}) {
    for (const int64_t count : {1, 3}) {
      SCOPED_TRACE(count);
      Network network = MakeHeads(5);
      at::Tensor x = at::rand({count, 16});
      x[0].zero_();
      x.requires_grad_();
      const HeadOutputs outputs =
          network.Heads(x, form, EdgeSummary::kDiagonal);
      ExpectAllFinite(outputs);
      Objective(outputs).backward();
      ExpectFiniteGradients(network);
      EXPECT_TRUE(x.grad().isfinite().all().item<bool>());
      EXPECT_LT(x.grad().abs().max().item<double>(), 1e6);
    }
  }
}

TEST(Heads, RowFormIsABatchOfOne) {
  const at::NoGradGuard no_grad;
  Network network = MakeHeads(6);
  const at::Tensor x = at::rand({5, 16});
  const HeadOutputs rows =
      network.Heads(x, GraphForm::kRow, EdgeSummary::kDiagonal);
  for (int64_t i = 0; i < x.size(0); ++i) {
    for (const EdgeSummary summary :
         {EdgeSummary::kMean, EdgeSummary::kDiagonal}) {
      const HeadOutputs one =
          network.Heads(x.narrow(0, i, 1), GraphForm::kBatch, summary);
      const auto close = [i](const at::Tensor& a, const at::Tensor& b) {
        return at::allclose(a.narrow(0, i, 1), b, 1e-4, 1e-5);
      };
      EXPECT_TRUE(close(rows.edge_summary, one.edge_summary));
      EXPECT_TRUE(close(rows.level_mu, one.level_mu));
      EXPECT_TRUE(close(rows.mos_mu, one.mos_mu));
      EXPECT_TRUE(close(rows.mos_s, one.mos_s));
      EXPECT_TRUE(close(rows.type_adjacency_raw, one.type_adjacency_raw));
      EXPECT_TRUE(close(rows.z, one.z));
      EXPECT_TRUE(close(rows.type_logits, one.type_logits));
    }
  }
}

TEST(Heads, BatchOrderDoesNotMatter) {
  const at::NoGradGuard no_grad;
  Network network = MakeHeads(7);
  const at::Tensor x = at::rand({4, 16});
  const at::Tensor order = at::tensor({2, 0, 3, 1}, at::kLong);
  for (const GraphForm form : {GraphForm::kBatch, GraphForm::kRow}) {
    const HeadOutputs a = network.Heads(x, form, EdgeSummary::kMean);
    const HeadOutputs b =
        network.Heads(x.index_select(0, order), form, EdgeSummary::kMean);
    const auto moved = [&order](const at::Tensor& tensor) {
      return tensor.index_select(0, order);
    };
    EXPECT_TRUE(at::allclose(moved(a.mos_mu), b.mos_mu, 1e-4, 1e-5));
    EXPECT_TRUE(at::allclose(moved(a.z), b.z, 1e-4, 1e-5));
    EXPECT_TRUE(at::allclose(moved(a.level_s), b.level_s, 1e-4, 1e-5));
    EXPECT_TRUE(at::allclose(a.type_code, b.type_code, 1e-4, 1e-5));
  }
}

TEST(Heads, RowFormTrains) {
  Network network = MakeHeads(8);
  const HeadOutputs outputs =
      network.Heads(at::rand({3, 16}), GraphForm::kRow, EdgeSummary::kDiagonal);
  Objective(outputs).backward();
  for (const auto& item : network.named_parameters()) {
    const std::string& name = item.key();
    const bool unused = name.find("gcn_v.gcn") != std::string::npos ||
                        name.find("predictor") == 0;
    EXPECT_EQ(item.value().grad().defined(), !unused) << name;
  }
  ExpectFiniteGradients(network);
}

TEST(Architecture, SizesOutOfRangeAreNamed) {
  const auto fails = [](ArchitectureInfo architecture,
                        const std::string& word) {
    try {
      CheckArchitecture(architecture);
      ADD_FAILURE() << "no error about " << word;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos)
          << error.what();
    }
  };
  const ArchitectureInfo good =
      MakeArchitecture("resnet18", "multi", 16, 4, 8, {"a"});
  ArchitectureInfo bad = good;
  bad.node_size = 3;
  fails(bad, "node size");
  bad = good;
  bad.node_size = int64_t{1} << 40;
  fails(bad, "node size");
  bad = good;
  bad.edge_size = 0;
  fails(bad, "edge size");
  bad = good;
  bad.types.clear();
  fails(bad, "number of types");
  bad = good;
  bad.feature_size = 100;
  fails(bad, "feature size");
  bad = good;
  bad.features = "all";
  fails(bad, "all");
}

}  // namespace
}  // namespace graphiqa
