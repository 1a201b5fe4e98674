// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics.h"

#include <cmath>
#include <opencv2/imgproc.hpp>

namespace graphiqa {
namespace {

/// CV_64F.
cv::Mat Luma(const cv::Mat& rgb) {
  cv::Mat values;
  rgb.convertTo(values, CV_64F);
  cv::Mat luma;
  cv::transform(values, luma, cv::Matx13d(0.299, 0.587, 0.114));
  return luma;
}

cv::Mat Window(const cv::Mat& values) {
  cv::Mat mean;
  cv::GaussianBlur(values, mean, cv::Size(11, 11), 1.5);
  return mean;
}

double Ssim(const cv::Mat& a, const cv::Mat& b) {
  constexpr double kC1 = (0.01 * 255) * (0.01 * 255);
  constexpr double kC2 = (0.03 * 255) * (0.03 * 255);
  constexpr int kBorder = 5;
  const cv::Mat mean_a = Window(a);
  const cv::Mat mean_b = Window(b);
  const cv::Mat aa = mean_a.mul(mean_a);
  const cv::Mat bb = mean_b.mul(mean_b);
  const cv::Mat ab = mean_a.mul(mean_b);
  const cv::Mat variances = Window(a.mul(a)) - aa + Window(b.mul(b)) - bb;
  const cv::Mat covariance = Window(a.mul(b)) - ab;
  const cv::Mat above = (2 * ab + kC1).mul(2 * covariance + kC2);
  const cv::Mat below = (aa + bb + kC1).mul(variances + kC2);
  const cv::Mat map = above / below;
  const cv::Rect inside(kBorder, kBorder, map.cols - 2 * kBorder,
                        map.rows - 2 * kBorder);
  return cv::mean(map(inside))[0];
}

}  // namespace

Strength MeasureStrength(const cv::Mat& input, const cv::Mat& output) {
  cv::Mat difference;
  cv::subtract(output, input, difference, cv::noArray(), CV_64F);
  difference = difference.reshape(1);
  const double square =
      difference.dot(difference) / static_cast<double>(difference.total());
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(difference, mean, deviation);
  constexpr double kSame = 99;
  const double psnr =
      square > 0 ? 10 * std::log10(255.0 * 255.0 / square) : kSame;
  return {psnr, Ssim(Luma(input), Luma(output)), mean[0], deviation[0]};
}

}  // namespace graphiqa
