// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "network/picture_statistics.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "network/network.h"
#include "picture_codes.h"

namespace graphiqa {
namespace {

constexpr int64_t kColours = kLumaBins;
constexpr int64_t kChroma = kColours + 3 * kColourBins;
constexpr int64_t kResidual = kChroma + kChromaBins;
constexpr int64_t kStructure = kResidual + 3 * kResidualSums;
constexpr int64_t kTones = kSumColumns;
constexpr int64_t kGaps = kToneRanges;  // from the first of a channel
constexpr int64_t kPlaces = 2 * kToneRanges + 2;
constexpr int64_t kPairsFrom = kTones + 3 * kToneColumns;

/// What a picture of one colour gives: three bins a histogram at most.
TEST(PictureStatistics, GreyFallsIntoOneBin) {
  for (const int code : {0, 7, 8, 128, 247, 255}) {
    SCOPED_TRACE(code);
    const at::Tensor found = Measured(at::full({1, 3, 20, 30}, code))[0];
    ASSERT_EQ(found.size(0), kPictureStatistics);
    EXPECT_EQ(found[code / 8].item<float>(), 1.0f);
    for (int c = 0; c < 3; ++c) {
      EXPECT_EQ(found[kColours + c * kColourBins + code / 16].item<float>(), 1);
    }
    EXPECT_EQ(found[kChroma].item<float>(), 1.0f);
    EXPECT_EQ(found.narrow(0, 0, kSumColumns).sum().item<float>(), 5.0f)
        << "nothing else";
  }
}

/// The same by LibTorch's operators, in double.
at::Tensor StructureOf(const at::Tensor& luma) {
  const int64_t height = luma.size(0), width = luma.size(1);
  std::vector<double> values;
  const int64_t directions[][2] = {{0, 1}, {1, 0}, {1, 1}, {1, -1}};
  for (const auto& d : directions) {
    for (const int64_t step : {1, 2, 3, 4, 6, 8}) {
      const int64_t down = d[0] * step, right = d[1] * step;
      const int64_t across = width - std::abs(right);
      const at::Tensor a = luma.slice(0, 0, height - down)
                               .slice(1, right < 0 ? -right : 0)
                               .slice(1, 0, across);
      const at::Tensor b = luma.slice(0, down)
                               .slice(1, right > 0 ? right : 0)
                               .slice(1, 0, across);
      values.push_back(std::sqrt((a - b).abs().mean().item<double>()));
    }
  }
  return at::tensor(values);
}

at::Tensor ResidualOf(const at::Tensor& plane) {
  const int64_t h = plane.size(0), w = plane.size(1);
  const auto part = [&](int64_t y, int64_t x) {
    return plane.slice(0, y, h - 2 + y).slice(1, x, w - 2 + x);
  };
  const at::Tensor around =
      (part(0, 1) + part(2, 1) + part(1, 0) + part(1, 2)) / 4;
  return (part(1, 1) - around).abs().clamp_max(25.5);
}

TEST(PictureStatistics, StructureAndResidualsEqualDirectOnes) {
  at::manual_seed(1);
  const at::Tensor codes = at::randint(0, 256, {2, 3, 33, 41}).to(at::kDouble);
  const at::Tensor found = Measured(codes).to(at::kDouble);
  for (int64_t n = 0; n < 2; ++n) {
    const at::Tensor rgb = codes.narrow(0, n, 1);
    const at::Tensor luma = Luma(rgb)[0];
    EXPECT_TRUE(at::allclose(found[n].narrow(0, kStructure, 24),
                             StructureOf(luma), 1e-3, 1e-3));
    const at::Tensor planes[] = {luma, 0.564 * (rgb[0][2] - luma),
                                 0.713 * (rgb[0][0] - luma)};
    for (int64_t k = 0; k < 3; ++k) {
      const at::Tensor residual = ResidualOf(planes[k]);
      const int64_t at = kResidual + k * kResidualSums + kToneClasses;
      EXPECT_NEAR(found[n][at].item<double>(),
                  std::sqrt(residual.sqrt().mean().item<double>()), 2e-3);
      EXPECT_NEAR(found[n][at + 1].item<double>(),
                  std::sqrt((residual * residual).mean().item<double>()), 1e-2);
    }
  }
}

/// Noise on the bright half alone shows in its class alone.
TEST(PictureStatistics, ResidualsGoByTheTone) {
  at::manual_seed(2);
  at::Tensor codes = at::full({1, 3, 32, 64}, 40.0);
  codes.narrow(3, 32, 32).copy_(200 + 4 * at::rand({1, 1, 32, 32}).round());
  const at::Tensor found =
      Measured(codes)[0].narrow(0, kResidual, kToneClasses);
  EXPECT_GT(found[2].item<float>(), 4.0f) << "the edge, seen from the dark";
  EXPECT_GT(found[5].item<float>(), 4.0f) << "and from the bright side";
  EXPECT_NEAR(found[6].item<float>(), 1.35f, 0.2f);
  for (const int64_t empty : {0, 1, 3, 4, 7}) {
    EXPECT_EQ(found[empty].item<float>(), 0.0f) << empty;
  }
}

/// Columns of a channel's tones.
at::Tensor Tones(const at::Tensor& codes, int64_t channel) {
  return Measured(codes)[0].narrow(0, kTones + channel * kToneColumns,
                                   kToneColumns);
}

TEST(PictureStatistics, CurvesLeaveGapsAndPeaks) {
  at::manual_seed(5);
  const at::Tensor plain = at::randint(0, 200, {1, 3, 320, 320}).to(at::kFloat);
  const at::Tensor before = Tones(plain, 1);
  const at::Tensor stretched = Tones((plain * 1.25).round(), 1);
  const at::Tensor squeezed = Tones((plain * 0.8).round(), 1);
  for (int64_t range = 0; range < 6; ++range) {
    EXPECT_LT(before[range].item<float>(), 0.25f) << range;
    EXPECT_EQ(before[kGaps + range].item<float>(), 0.0f) << range;
    // One code of five is skipped, so six or seven of 32.
    EXPECT_NEAR(stretched[kGaps + range].item<float>(), 0.2f, 0.02f) << range;
    EXPECT_GT(stretched[range].item<float>(), 0.6f) << range;
  }
  for (int64_t range = 0; range < 5; ++range) {
    EXPECT_EQ(squeezed[kGaps + range].item<float>(), 0.0f) << range;
    EXPECT_GT(squeezed[range].item<float>(), 0.5f) << "every fourth is twice";
  }
}

TEST(PictureStatistics, TonesTellWhereTheyEnd) {
  // 1 row of 100 at 10, 1 at 250, the rest between.
  at::Tensor codes = at::full({1, 3, 100, 100}, 128.0);
  codes.narrow(2, 0, 1).fill_(10);
  codes.narrow(2, 99, 1).fill_(250);
  const at::Tensor found = Tones(codes, 2);
  EXPECT_FLOAT_EQ(found[kPlaces].item<float>(), 10 / 255.0f) << "1 of 1000";
  EXPECT_FLOAT_EQ(found[kPlaces + 1].item<float>(), 250 / 255.0f) << "999";
  EXPECT_FLOAT_EQ(found[kPlaces + 2].item<float>(), 10 / 255.0f) << "10";
  EXPECT_FLOAT_EQ(found[kPlaces + 3].item<float>(), 128 / 255.0f) << "990";
  EXPECT_EQ(found[kPlaces - 1].item<float>(), 0.0f) << "none at 255";
  codes.narrow(2, 0, 25).fill_(255);
  EXPECT_FLOAT_EQ(Tones(codes, 2)[kPlaces - 1].item<float>(), 0.5f);
}

/// Agreement by class and correlation of a pair of channels.
at::Tensor Pair(const at::Tensor& codes, int64_t pair) {
  return Measured(codes)[0].narrow(0, kPairsFrom + pair * kPairColumns,
                                   kPairColumns);
}

TEST(PictureStatistics, PairsTellWhereNoiseComesFrom) {
  at::manual_seed(6);
  const at::Tensor grey = at::full({1, 3, 200, 200}, 128.0);
  const at::Tensor own = grey + 5 * at::randn({1, 3, 200, 200});
  const at::Tensor shared = grey + 5 * at::randn({1, 1, 200, 200});
  for (int64_t pair = 0; pair < 3; ++pair) {
    const at::Tensor of_own = Pair(own.round(), pair);
    const at::Tensor of_shared = Pair(shared.round(), pair);
    EXPECT_NEAR(of_own[1].item<float>(), 0.5f, 0.03f) << pair;
    EXPECT_NEAR(of_own[3].item<float>(), 0.0f, 0.03f) << pair;
    EXPECT_EQ(of_shared[1].item<float>(), 1.0f) << pair;
    EXPECT_NEAR(of_shared[3].item<float>(), 1.0f, 0.01f) << pair;
  }
  const at::Tensor none = Pair(grey, 0);
  EXPECT_EQ(none[0].item<float>(), 0.5f) << "nothing to say";
  EXPECT_EQ(none[3].item<float>(), 0.0f);
}

TEST(PictureStatistics, OppositeChannelsDisagree) {
  at::manual_seed(7);
  at::Tensor codes = at::full({1, 3, 200, 200}, 128.0);
  const at::Tensor noise = (5 * at::randn({200, 200})).round();
  codes[0][0] += noise;
  codes[0][2] -= noise;
  const at::Tensor found = Pair(codes, 1);
  EXPECT_EQ(found[1].item<float>(), 0.0f);
  EXPECT_NEAR(found[3].item<float>(), -1.0f, 0.01f);
}

TEST(PictureStatistics, NeitherThreadsNorLayoutChangeABit) {
  at::manual_seed(3);
  const at::Tensor images = at::randn({5, 3, 130, 97});
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const at::Tensor one = PictureStatistics(images, kScale);
  at::set_num_threads(3);
  const at::Tensor several = PictureStatistics(
      images.contiguous(at::MemoryFormat::ChannelsLast), kScale);
  at::set_num_threads(threads);
  EXPECT_TRUE(at::equal(one, several));
}

TEST(PictureStatistics, TooSmallIsAnError) {
  EXPECT_ANY_THROW(PictureStatistics(at::zeros({1, 3, 15, 40}), kScale));
  EXPECT_ANY_THROW(PictureStatistics(at::zeros({1, 4, 40, 40}), kScale));
}

TEST(PictureStatistics, AreTheLastFeaturesOfMultiStats) {
  const at::NoGradGuard no_grad;
  at::manual_seed(4);
  const ArchitectureInfo multi =
      MakeArchitecture("resnet18", kMulti, 16, 4, 8, {"a"});
  const ArchitectureInfo wide =
      MakeArchitecture("resnet18", kMultiStats, 16, 4, 8, {"a"});
  EXPECT_EQ(wide.feature_size, multi.feature_size + kPictureStatistics);
  Network network(wide);
  network.eval();
  const at::Tensor images = Normalised(at::randint(0, 256, {2, 3, 64, 64}));
  const at::Tensor features = network.Features(images);
  ASSERT_EQ(features.size(1), wide.feature_size);
  EXPECT_TRUE(at::equal(features.narrow(1, 0, multi.feature_size),
                        network.StageFeatures(images)));
  EXPECT_TRUE(
      at::equal(features.narrow(1, multi.feature_size, kPictureStatistics),
                PictureStatistics(images, ColourScaleOf(wide))));
}

}  // namespace
}  // namespace graphiqa
