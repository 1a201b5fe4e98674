// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lanczos.h"
#include "texture_picture.h"

namespace graphiqa {
namespace {

constexpr double kStep1Psnr = 48.1308;  // 20 log10(255)

TEST(MetricsTest, WhatIsEqualIsPerfect) {
  const cv::Mat picture = TexturePicture(40, 30);
  const Strength strength = MeasureStrength(picture, picture);
  EXPECT_EQ(strength[0], 99);
  EXPECT_NEAR(strength[1], 1, 1e-12);
  EXPECT_EQ(strength[2], 0);
  EXPECT_EQ(strength[3], 0);
}

TEST(MetricsTest, AConstantShiftHasNoSpread) {
  const cv::Mat picture = 0.5 * TexturePicture(40, 30) + cv::Scalar::all(40);
  const Strength strength =
      MeasureStrength(picture, picture - cv::Scalar::all(1));
  EXPECT_NEAR(strength[0], kStep1Psnr, 1e-4);
  EXPECT_NEAR(strength[2], -1, 1e-12);
  EXPECT_NEAR(strength[3], 0, 1e-12);
}

TEST(MetricsTest, SsimIsTheFormula) {
  // 11x11 pixels are inside by one: the window in the middle.
  cv::RNG random(3);
  cv::Mat a(11, 11, CV_8UC3);
  cv::Mat b(11, 11, CV_8UC3);
  random.fill(a, cv::RNG::UNIFORM, 0, 256);
  random.fill(b, cv::RNG::UNIFORM, 0, 256);
  double weight = 0;
  double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
  for (int y = 0; y < 11; ++y) {
    for (int x = 0; x < 11; ++x) {
      const double w =
          std::exp(-((x - 5) * (x - 5) + (y - 5) * (y - 5)) / (2 * 1.5 * 1.5));
      const auto luma = [&](const cv::Mat& m) {
        const auto& p = m.at<cv::Vec3b>(y, x);
        return 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
      };
      const double va = luma(a);
      const double vb = luma(b);
      weight += w;
      sa += w * va;
      sb += w * vb;
      saa += w * va * va;
      sbb += w * vb * vb;
      sab += w * va * vb;
    }
  }
  sa /= weight;
  sb /= weight;
  const double c1 = 6.5025;
  const double c2 = 58.5225;
  const double ssim = (2 * sa * sb + c1) * (2 * (sab / weight - sa * sb) + c2) /
                      ((sa * sa + sb * sb + c1) *
                       (saa / weight - sa * sa + sbb / weight - sb * sb + c2));
  EXPECT_NEAR(MeasureStrength(a, b)[1], ssim, 1e-9);
}

TEST(LanczosTest, FlatPicturesStayFlatAndWavesSurvive) {
  const cv::Mat flat(30, 40, CV_8UC3, cv::Scalar(10, 99, 255));
  const cv::Mat small = LanczosResize(flat, {17, 23});
  EXPECT_EQ(small.size(), cv::Size(17, 23));
  EXPECT_EQ(cv::norm(small, cv::Mat(23, 17, CV_8UC3, cv::Scalar(10, 99, 255)),
                     cv::NORM_INF),
            0);
  cv::Mat wave(8, 120, CV_8UC3);
  for (int x = 0; x < wave.cols; ++x) {
    wave.col(x).setTo(
        cv::Scalar::all(std::round(127 + 100 * std::sin(0.2 * (x + 0.5)))));
  }
  const cv::Mat shrunk = LanczosResize(wave, {90, 8});
  for (int x = 10; x < 80; ++x) {
    EXPECT_NEAR(shrunk.at<cv::Vec3b>(4, x)[1],
                127 + 100 * std::sin(0.2 * (x + 0.5) * 4 / 3), 2)
        << x;
  }
}

}  // namespace
}  // namespace graphiqa
