// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// The parts that distortions are made of.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "distortions/dct_denoise.h"
#include "distortions/distortion.h"
#include "distortions/draws.h"
#include "distortions/filter.h"
#include "distortions/jp2.h"
#include "distortions/palette.h"
#include "distortions/simplex.h"
#include "texture_picture.h"

namespace graphiqa {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Le;

TEST(DrawsTest, NormalNumbersHaveTheMomentsAndTailsOfTheNormal) {
  RandomDraws draws(Random{1});
  cv::Mat plane(1000, 1001, CV_32F);
  draws.FillNormal(&plane);
  const double n = static_cast<double>(plane.total());
  const cv::Mat square = plane.mul(plane);
  EXPECT_NEAR(cv::mean(plane)[0], 0, 4 / std::sqrt(n));
  EXPECT_NEAR(cv::mean(square)[0], 1, 4 * std::sqrt(2 / n));
  EXPECT_NEAR(cv::mean(square.mul(square))[0], 3, 4 * std::sqrt(96 / n));
  // Shares beyond 1, 2, 3 and 3.8, where the ziggurat's tail begins at 3.65.
  for (const auto& [edge, share] :
       {std::pair(1.0, 0.3173105), std::pair(2.0, 0.0455003),
        std::pair(3.0, 0.0026998), std::pair(3.8, 0.0001447)}) {
    const double found = cv::countNonZero(cv::abs(plane) > edge) / n;
    EXPECT_NEAR(found, share, 4 * std::sqrt(share / n)) << edge;
    const double above = cv::countNonZero(plane > edge) / n;
    EXPECT_NEAR(above, share / 2, 4 * std::sqrt(share / n)) << edge;
  }
}

TEST(DrawsTest, UniformNumbersFillTheUnitInterval) {
  RandomDraws draws(Random{2});
  cv::Mat plane(501, 1001, CV_32F);
  draws.FillUnit(&plane);
  double low = 0;
  double high = 0;
  cv::minMaxIdx(plane, &low, &high);
  EXPECT_GE(low, 0);
  EXPECT_LT(high, 1);
  const double n = static_cast<double>(plane.total());
  EXPECT_NEAR(cv::mean(plane)[0], 0.5, 4 / std::sqrt(12 * n));
  EXPECT_NEAR(cv::mean(plane.mul(plane))[0], 1.0 / 3, 4 * 0.3 / std::sqrt(n));
}

TEST(FilterTest, DiskIsTheSharedArea) {
  const cv::Mat one = DiskKernel(1);
  EXPECT_NEAR(one.at<double>(0, 0), 0.0251, 5e-5);
  EXPECT_NEAR(one.at<double>(0, 1), 0.1453, 5e-5);
  EXPECT_NEAR(one.at<double>(1, 1), 0.3183, 5e-5);
  for (const int radius : {1, 2, 4, 6, 8}) {
    const cv::Mat kernel = DiskKernel(radius);
    EXPECT_EQ(kernel.rows, 2 * radius + 1);
    EXPECT_NEAR(cv::sum(kernel)[0], 1, 1e-12);
    EXPECT_NEAR(kernel.at<double>(radius, radius),
                1 / (CV_PI * radius * radius), 1e-12);
  }
}

TEST(FilterTest, MotionIsALineOfTheAngle) {
  const auto values = [](const cv::Mat& m) {
    return std::vector<double>(m.begin<double>(), m.end<double>());
  };
  const auto near = [](double value) {
    return testing::DoubleNear(value, 1e-9);
  };
  EXPECT_THAT(values(MotionKernel(1, 37)), ElementsAre(near(1)));
  EXPECT_THAT(values(MotionKernel(2, 0)),
              ElementsAre(near(0.25), near(0.5), near(0.25)));
  const cv::Mat vertical = MotionKernel(10, 90);
  EXPECT_EQ(vertical.cols, 1);
  EXPECT_EQ(vertical.rows, 11);
  EXPECT_NEAR(vertical.at<double>(0, 0), 0.05, 1e-9);
  const cv::Mat diagonal = MotionKernel(4, 45);
  EXPECT_EQ(diagonal.size(), cv::Size(5, 5));
  EXPECT_GT(diagonal.at<double>(3, 1), 0) << "from the bottom left";
  EXPECT_GT(diagonal.at<double>(1, 3), 0) << "to the top right";
  EXPECT_EQ(diagonal.at<double>(1, 1), 0);
  // 180 degrees is 0 degrees.
  EXPECT_EQ(cv::norm(MotionKernel(6, 180), MotionKernel(6, 0)), 0);
}

TEST(FilterTest, LargeKernelsAreFilteredInBandsWithoutATrace) {
  cv::Mat kernel(17, 17, CV_64F);
  cv::RNG random(3);
  random.fill(kernel, cv::RNG::UNIFORM, 0, 1);
  cv::Mat plane(40, 33, CV_32F);
  random.fill(plane, cv::RNG::UNIFORM, 0, 1);
  const Planes filtered = Correlate({plane, plane, plane}, kernel);
  cv::Mat wanted;
  cv::Mat wide;
  plane.convertTo(wide, CV_64F);
  cv::filter2D(wide, wanted, CV_32F, kernel, {-1, -1}, 0, cv::BORDER_REPLICATE);
  EXPECT_LT(cv::norm(filtered[2], wanted, cv::NORM_INF), 1e-4);
}

TEST(PaletteTest, FewColorsAreKeptAndManyAreReduced) {
  cv::Mat four(20, 20, CV_8UC3, cv::Scalar(10, 20, 30));
  four(cv::Rect(0, 0, 10, 10)).setTo(cv::Scalar(200, 20, 30));
  four(cv::Rect(10, 10, 10, 10)).setTo(cv::Scalar(10, 220, 30));
  four(cv::Rect(0, 10, 10, 10)).setTo(cv::Scalar(10, 20, 230));
  EXPECT_THAT(WuPalette(four, 64),
              testing::UnorderedElementsAre(
                  cv::Vec3b(10, 20, 30), cv::Vec3b(200, 20, 30),
                  cv::Vec3b(10, 220, 30), cv::Vec3b(10, 20, 230)));
  EXPECT_EQ(WuPalette(TexturePicture(64, 64), 48).size(), 48u);
  EXPECT_EQ(WuPalette(cv::Mat(16, 16, CV_8UC3, cv::Scalar::all(7)), 8).size(),
            1u);
}

TEST(SimplexTest, FindsTheMinimumOfABowl) {
  SimplexOptions options;
  options.value_tolerance = 1e-10;
  options.vertex_tolerance = 1e-5;
  const auto bowl = [](const std::vector<double>& x) {
    return std::pow(x[0] - 3, 2) + 10 * std::pow(x[1] + 1, 2);
  };
  const std::vector<double> best = MinimizeBySimplex(bowl, {1, 1}, options);
  EXPECT_NEAR(best[0], 3, 1e-4);
  EXPECT_NEAR(best[1], -1, 1e-4);
}

TEST(SimplexTest, StopsWhenNothingIsFinite) {
  int evaluations = 0;
  SimplexOptions options;
  options.max_evaluations = 50;
  const auto never = [&](const std::vector<double>&) {
    ++evaluations;
    return std::numeric_limits<double>::infinity();
  };
  EXPECT_THAT(MinimizeBySimplex(never, {1, 2}, options), ElementsAre(1, 2));
  EXPECT_THAT(std::vector<int>{evaluations}, Each(Le(55)));
}

TEST(Jp2Test, FilesKeepTheBudget) {
  const cv::Mat picture = TexturePicture(512, 384);
  for (const double ratio : {16, 32, 45, 120, 400}) {
    const double budget = 512 * 384 * 3 / ratio;
    const auto bytes = static_cast<double>(EncodeJp2(picture, ratio).size());
    EXPECT_LE(bytes, budget) << ratio;
    EXPECT_GE(bytes, 0.97 * budget) << ratio;
  }
}

TEST(Jp2Test, WhatIsWrittenCanBeRead) {
  const cv::Mat picture = TexturePicture(61, 43);
  const cv::Mat read = DecodeJp2(EncodeJp2(picture, 2));
  ASSERT_EQ(read.size(), picture.size());
  EXPECT_GT(cv::PSNR(read, picture), 30);
}

TEST(Jp2Test, DamagedFilesAreErrors) {
  std::vector<uint8_t> file = EncodeJp2(TexturePicture(64, 64), 8);
  EXPECT_THROW(DecodeJp2({}), Error);
  EXPECT_THROW(DecodeJp2({file.begin(), file.begin() + 40}), Error);
  file[3] ^= 0xFF;
  EXPECT_THROW(DecodeJp2(file), Error);
}

TEST(DctDenoiseTest, SmoothPicturesWithoutNoiseStayAsTheyAre) {
  cv::Mat flat(30, 45, CV_32F, cv::Scalar(0.25));
  EXPECT_LT(cv::norm(DctDenoise(flat, 0.5f), flat, cv::NORM_INF), 1e-5);
  cv::Mat plane(33, 41, CV_32F);
  cv::RNG(5).fill(plane, cv::RNG::UNIFORM, 0, 1);
  EXPECT_LT(cv::norm(DctDenoise(plane, 0), plane, cv::NORM_INF), 1e-5)
      << "nothing is cut, so the blocks add up to the picture";
}

TEST(DctDenoiseTest, MostOfTheNoiseGoes) {
  cv::Mat clean(128, 128, CV_32F);
  for (int x = 0; x < clean.cols; ++x) {
    clean.col(x).setTo(0.5 + 0.3 * std::sin(0.1 * x));
  }
  cv::Mat noise(clean.size(), CV_32F);
  RandomDraws draws(Random{4});
  draws.FillNormal(&noise);
  const cv::Mat noisy = clean + 0.1 * noise;
  const double before = cv::norm(noisy, clean);
  const double after = cv::norm(DctDenoise(noisy, 0.24f), clean);
  EXPECT_LT(after, 0.3 * before);
}

TEST(DenoiseTest, NoiseIsRemovedUntilItIsTooStrong) {
  // Level 1 is closer to the picture than the noise it starts from (type 11,
  // level 5 has its variance); of levels 4 and 5 noise remains.
  const cv::Mat picture = TexturePicture(256, 192);
  const double noise = cv::PSNR(Distort(picture, 11, 5, 1), picture);
  EXPECT_GT(cv::PSNR(Distort(picture, 15, 1, 1), picture), noise + 2);
  EXPECT_LT(cv::PSNR(Distort(picture, 15, 5, 1), picture), noise);
}

}  // namespace
}  // namespace graphiqa
