// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Plans with tiles against the network that they were compiled from.
#include "engine/tiles/tile_plan.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "engine/plan_fusion.h"
#include "engine/plan_trace.h"
#include "engine/tiles/packed_heads.h"
#include "engine/tiles/tile_layout.h"
#include "engine/tiles/tiles_available.h"
#include "network/model_file.h"
#include "relative_error.h"

namespace graphiqa {
namespace {

constexpr int kSize = 75;
constexpr char kNoAmx[] = "this CPU has no AMX with bfloat16";
constexpr char kNoVectors[] = "this CPU has no AVX-512";
constexpr char kNoBf16[] = "this CPU has no AVX-512 with bfloat16";

std::shared_ptr<Network> MakeNetwork(const std::string& backbone,
                                     const std::string& features) {
  const at::NoGradGuard no_grad;
  at::manual_seed(1);
  auto network = std::make_shared<Network>(MakeArchitecture(
      backbone, features, features == "last" ? 0 : 32, 4, 8, KadidTypeNames()));
  network->eval();
  return network;
}

PlanGraph MakeGraph(Network* network) {
  PlanGraph graph = TraceBackbone(network->backbone(), kSize);
  FuseOperators(&graph, PadRule::kAsIs);
  ThinOut(&graph);
  return graph;
}

struct Kind {
  const char* backbone;
  const char* features;
};

enum class Unit { kAmx, kBf16, kFloat };
constexpr const char* kUnitNames[] = {"amx", "bf16", "float"};

/// @returns why this CPU cannot run it, or null
const char* WhyNot(Unit unit) {
  if (!VectorsAvailable()) return kNoVectors;
  if (unit != Unit::kFloat && !Bf16VectorsAvailable()) return kNoBf16;
  return unit == Unit::kAmx && !AmxAvailable() ? kNoAmx : nullptr;
}

std::unique_ptr<BackbonePlan> MakePlan(Network& network, const PlanGraph& graph,
                                       Unit unit) {
  if (unit == Unit::kFloat) {
    return std::make_unique<TilePlan<float>>(network, graph, kSize,
                                             TileUnit::kVectors);
  }
  return std::make_unique<TilePlan<Bits16>>(
      network, graph, kSize,
      unit == Unit::kAmx ? TileUnit::kAmx : TileUnit::kVectors);
}

class TilePlanTest : public ::testing::TestWithParam<std::tuple<Kind, Unit>> {
 protected:
  void SetUp() override {
    const auto [kind, unit] = GetParam();
    if (const char* reason = WhyNot(unit)) GTEST_SKIP() << reason;
    network_ = MakeNetwork(kind.backbone, kind.features);
    const PlanGraph graph = MakeGraph(network_.get());
    ASSERT_TRUE(TilesCanRun(graph));
    plan_ = MakePlan(*network_, graph, unit);
    tolerance_ = unit == Unit::kFloat ? 1e-5 : 3e-2;
    at::manual_seed(2);
    images_ = at::randn({3, 3, kSize, kSize});
  }

  std::shared_ptr<Network> network_;
  std::unique_ptr<BackbonePlan> plan_;
  double tolerance_ = 0;
  at::Tensor images_;
};

TEST_P(TilePlanTest, IsCloseToTheNetwork) {
  const at::NoGradGuard no_grad;
  EXPECT_LT(
      RelativeError(plan_->Features(images_), network_->Features(images_)),
      tolerance_);
}

/// To the bit, after a larger batch has left its values in the memory.
TEST_P(TilePlanTest, NeighboursChangeNothing) {
  const at::Tensor together = plan_->Features(images_);
  for (int64_t n = 0; n < 3; ++n) {
    EXPECT_TRUE(
        at::equal(plan_->Features(images_.narrow(0, n, 1))[0], together[n]))
        << n;
  }
}

TEST_P(TilePlanTest, ThreadsChangeNothing) {
  const int before = at::get_num_threads();
  at::set_num_threads(1);
  const at::Tensor one = plan_->Features(images_);
  at::set_num_threads(3);
  const at::Tensor three = plan_->Features(images_);
  at::set_num_threads(before);
  EXPECT_TRUE(at::equal(one, three));
}

TEST_P(TilePlanTest, WhatIsNotFiniteDoesNotStay) {
  const at::Tensor before = plan_->Features(images_);
  const at::Tensor wrong =
      at::full_like(images_, std::numeric_limits<float>::infinity());
  EXPECT_FALSE(plan_->Features(wrong).isfinite().all().item<bool>());
  EXPECT_TRUE(at::equal(plan_->Features(images_), before));
}

INSTANTIATE_TEST_SUITE_P(
    Backbones, TilePlanTest,
    ::testing::Combine(
        ::testing::Values(Kind{"resnet18", "last"}, Kind{"resnet18", "multi"},
                          Kind{"resnet34", "last"}, Kind{"resnet50", "multi"},
                          Kind{"efficientnet_lite0", "last"},
                          Kind{"efficientnet_lite0", "multi"}),
        ::testing::Values(Unit::kAmx, Unit::kBf16, Unit::kFloat)),
    [](const auto& tested) {
      const Kind kind = std::get<Kind>(tested.param);
      const auto unit = static_cast<size_t>(std::get<Unit>(tested.param));
      return std::string(kind.backbone) + "_" + kind.features + "_" +
             kUnitNames[unit];
    });

/// Codes of few nodes may all be zero.
void ExpectNear(const at::Tensor& actual, const at::Tensor& expected,
                double tolerance) {
  const double largest = expected.abs().max().item<double>();
  EXPECT_LT((actual - expected).abs().max().item<double>(),
            tolerance * std::max(largest, 0.1));
}

/// @param tolerance  of the largest value
void ExpectNear(const HeadOutputs& actual, const HeadOutputs& expected,
                double tolerance) {
  ExpectNear(actual.mos_mu, expected.mos_mu, tolerance);
  ExpectNear(actual.mos_s, expected.mos_s, tolerance);
  ExpectNear(actual.level_mu, expected.level_mu, tolerance);
  ExpectNear(actual.level_s, expected.level_s, tolerance);
  ExpectNear(actual.type_logits, expected.type_logits, tolerance);
}

class PackedHeadsTest : public ::testing::TestWithParam<int64_t> {};

/// As many rows as are taken at once, fewer and more.
TEST_P(PackedHeadsTest, EqualTheNetworks) {
  if (!VectorsAvailable()) GTEST_SKIP() << kNoVectors;
  const at::NoGradGuard no_grad;
  for (const char* features : {"last", "multi"}) {
    const auto network = MakeNetwork("efficientnet_lite0", features);
    const int64_t size = network->architecture().feature_size;
    if (std::string(features) == "multi") {
      network->SetFeatureStatistics(at::randn({size}), at::rand({size}) + 0.5);
    }
    at::manual_seed(3);
    const at::Tensor x = at::randn({GetParam(), size}) * 3;
    const HeadOutputs expected = network->Heads(
        network->Project(x), GraphForm::kRow, EdgeSummary::kDiagonal);
    ExpectNear(PackedHeads<Half16>(*network).Run(x), expected, 2e-3);
    ExpectNear(PackedHeads<float>(*network).Run(x), expected, 1e-5);
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, PackedHeadsTest,
                         ::testing::Values(1, 2, 3, 4, 5, 6, 7, 8, 19));

/// Whether operator i may write over a slot: it is what i adds, and i is the
/// last to read it.
bool MayReplace(const PlanGraph& graph, size_t i, size_t slot) {
  const std::vector<int>& inputs = graph.ops[i].inputs;
  return inputs.size() > 1 && static_cast<size_t>(inputs[1]) == slot &&
         LastReaders(graph)[slot] == i;
}

/// The values of a slot for a batch.
struct Extent {
  int64_t begin, end;
};

Extent ExtentOf(const TileArena& arena, const std::vector<TileMap>& maps,
                size_t slot, int64_t pictures) {
  const auto& place = arena.places[slot];
  const int64_t begin = place.single
                            ? place.offset
                            : arena.single_values + place.offset * pictures;
  return {begin, begin + maps[slot].Values() * (place.single ? 1 : pictures)};
}

/// Slots whose values are needed at one time do not share memory.
TEST(TileLayoutTest, LivingSlotsLieApart) {
  constexpr int64_t kPictures = 3;
  for (const char* backbone : {"resnet50", "efficientnet_lite0"}) {
    const auto network = MakeNetwork(backbone, "last");
    const PlanGraph graph = MakeGraph(network.get());
    const std::vector<TileMap> maps = MapsOf(graph, kSize);
    const std::vector<size_t> readers = LastReaders(graph);
    for (const size_t split : {size_t{0}, SplitOf(graph, maps)}) {
      const TileArena arena = ArenaOf(graph, maps, split);
      int replaced = 0;
      int64_t sum = 0;
      for (size_t i = 0; i < graph.ops.size(); ++i) {
        const auto written = static_cast<size_t>(graph.ops[i].output);
        const Extent extent = ExtentOf(arena, maps, written, kPictures);
        EXPECT_LE(extent.end, arena.Values(kPictures));
        sum += extent.end - extent.begin;
        for (size_t j = 0; j < i; ++j) {
          const auto slot = static_cast<size_t>(graph.ops[j].output);
          // A slot of all pictures outlives those of single ones.
          if (readers[slot] < i) continue;
          const Extent other = ExtentOf(arena, maps, slot, kPictures);
          const bool apart =
              other.begin >= extent.end || other.end <= extent.begin;
          if (!apart && MayReplace(graph, i, slot)) {
            EXPECT_EQ(other.begin, extent.begin);
            ++replaced;
            continue;
          }
          EXPECT_TRUE(apart) << backbone << ": " << i << " writes over " << j;
        }
      }
      EXPECT_GT(replaced, 5);
      EXPECT_LT(arena.Values(kPictures), sum / 2) << "memory is used again";
    }
  }
}

TEST(TileLayoutTest, StridedPointwiseConvolutionsAreThinnedOut) {
  const auto network = MakeNetwork("resnet50", "last");
  int poolings = 0;
  for (const PlanOp& op : MakeGraph(network.get()).ops) {
    if (op.kind == PlanOpKind::kMaxPool) {
      ++poolings;
    } else if (op.weight.size(2) == 1) {
      EXPECT_EQ(op.stride, (std::vector<int64_t>{1, 1}));
    }
  }
  EXPECT_EQ(poolings, 1 + 3) << "the network's own, and one per stage";
}

TEST(TilePlanRulesTest, WhatItCannotRunIsLeftToOthers) {
  const auto network = MakeNetwork("efficientnet_lite0", "last");
  PlanGraph graph = MakeGraph(network.get());
  EXPECT_TRUE(TilesCanRun(graph));
  PlanGraph dilated = graph;
  dilated.ops[0].dilation = {2, 2};
  EXPECT_FALSE(TilesCanRun(dilated));
  PlanGraph pad = graph;
  pad.ops[0].kind = PlanOpKind::kPad;
  EXPECT_FALSE(TilesCanRun(pad));
  PlanGraph grouped = graph;
  grouped.ops[0].groups = 3;
  EXPECT_FALSE(TilesCanRun(grouped));
}

}  // namespace
}  // namespace graphiqa
