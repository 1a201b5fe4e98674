// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "lanczos.h"

#include <algorithm>
#include <cmath>

namespace graphiqa {
namespace {

constexpr double kLobes = 3;

double Sinc(double x) {
  if (x == 0) return 1;
  return std::sin(CV_PI * x) / (CV_PI * x);
}

double Kernel(double x) {
  return std::abs(x) < kLobes ? Sinc(x) * Sinc(x / kLobes) : 0;
}

/// The matrix that resamples `from` values to `to`, rows of sum 1.
cv::Mat ResampleMatrix(int from, int to) {
  cv::Mat matrix = cv::Mat::zeros(to, from, CV_32F);
  const double scale = static_cast<double>(from) / to;
  const double width = std::max(scale, 1.0);
  for (int i = 0; i < to; ++i) {
    const double centre = (i + 0.5) * scale;
    const int first =
        std::max(static_cast<int>(std::floor(centre - kLobes * width)), 0);
    const int last =
        std::min(static_cast<int>(std::ceil(centre + kLobes * width)), from);
    for (int k = first; k < last; ++k) {
      matrix.at<float>(i, k) =
          static_cast<float>(Kernel((k + 0.5 - centre) / width));
    }
    cv::Mat row = matrix.row(i);
    row /= cv::sum(row)[0];
  }
  return matrix;
}

}  // namespace

cv::Mat LanczosResize(const cv::Mat& picture, cv::Size size) {
  const cv::Mat rows = ResampleMatrix(picture.rows, size.height);
  const cv::Mat columns = ResampleMatrix(picture.cols, size.width).t();
  std::array<cv::Mat, 3> planes;
  cv::split(picture, planes.data());
  for (cv::Mat& plane : planes) {
    plane.convertTo(plane, CV_32F);
    plane = rows * plane * columns;
    plane.convertTo(plane, CV_8U);
  }
  cv::Mat resized;
  cv::merge(planes.data(), 3, resized);
  return resized;
}

}  // namespace graphiqa
