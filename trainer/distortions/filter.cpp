// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "filter.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>

namespace graphiqa {
namespace {

/// Area of [0, x] x [0, y] inside the disk of radius r; odd in x and in y.
double QuarterArea(double x, double y, double r) {
  const double sign = (x < 0) == (y < 0) ? 1 : -1;
  x = std::min(std::abs(x), r);
  y = std::min(std::abs(y), r);
  if (x * x + y * y <= r * r) return sign * x * y;
  // Under the circle from x0, where it falls below y, to x.
  const auto integral = [r](double t) {
    const double root = std::sqrt(std::max(r * r - t * t, 0.0));
    return 0.5 * (t * root + r * r * std::asin(std::min(t / r, 1.0)));
  };
  const double x0 = std::sqrt(std::max(r * r - y * y, 0.0));
  return sign * (x0 * y + integral(x) - integral(x0));
}

}  // namespace

cv::Mat Gaussian(const cv::Mat& plane, double sigma_px) {
  const int side = 2 * static_cast<int>(std::ceil(2 * sigma_px)) + 1;
  const cv::Mat kernel = cv::getGaussianKernel(side, sigma_px, CV_64F);
  cv::Mat filtered;
  cv::sepFilter2D(plane, filtered, CV_32F, kernel, kernel, cv::Point(-1, -1), 0,
                  cv::BORDER_REPLICATE);
  return filtered;
}

cv::Mat DiskKernel(int radius_px) {
  const double r = radius_px;
  const int side = 2 * radius_px + 1;
  cv::Mat kernel(side, side, CV_64F);
  for (int row = 0; row < side; ++row) {
    for (int column = 0; column < side; ++column) {
      const double x = column - r - 0.5;
      const double y = row - r - 0.5;
      kernel.at<double>(row, column) =
          QuarterArea(x + 1, y + 1, r) - QuarterArea(x, y + 1, r) -
          QuarterArea(x + 1, y, r) + QuarterArea(x, y, r);
    }
  }
  return kernel / cv::sum(kernel)[0];
}

cv::Mat MotionKernel(double length_px, double degrees) {
  constexpr double kEps = std::numeric_limits<double>::epsilon();
  const double length = std::max(1.0, length_px);
  const double half = (length - 1) / 2;
  const double phi = std::fmod(degrees, 180.0) / 180.0 * CV_PI;
  const double cosine = std::cos(phi);
  const double sine = std::sin(phi);
  const double step = cosine < 0 ? -1 : 1;
  const int width = std::abs(
      static_cast<int>(std::trunc(half * cosine + step - length * kEps)));
  const int height =
      static_cast<int>(std::trunc(half * sine + 1 - length * kEps));

  // One half of the line, from its middle; the other is its reflection.
  cv::Mat kernel = cv::Mat::zeros(2 * height + 1, 2 * width + 1, CV_64F);
  for (int row = 0; row <= height; ++row) {
    for (int column = 0; column <= width; ++column) {
      const double x = column * step;
      const double y = row;
      double distance = y * cosine - x * sine;
      if (std::hypot(x, y) >= half && std::abs(distance) <= 1) {
        const double beyond = half - std::abs((x + distance * sine) / cosine);
        distance = std::hypot(distance, beyond);
      }
      const double weight = std::max(0.0, 1 + kEps - std::abs(distance));
      kernel.at<double>(height + row, width + column) = weight;
      kernel.at<double>(height - row, width - column) = weight;
    }
  }
  kernel /= cv::sum(kernel)[0] + kEps * length * length;
  if (cosine > 0) cv::flip(kernel, kernel, 0);
  return kernel;
}

Planes Correlate(const Planes& planes, const cv::Mat& kernel) {
  // OpenCV goes through the Fourier transform from 130 taps on, which is three
  // times as slow here: so bands of the kernel, on a picture with its margin.
  constexpr int kMaxTaps = 129;
  const int band_rows = std::max(kMaxTaps / kernel.cols, 1);
  const int margin_x = kernel.cols / 2;
  const int margin_y = kernel.rows / 2;
  Planes filtered;
  for (size_t c = 0; c < 3; ++c) {
    cv::Mat padded;
    cv::copyMakeBorder(planes[c], padded, margin_y, margin_y, margin_x,
                       margin_x, cv::BORDER_REPLICATE);
    cv::Mat part;
    for (int first = 0; first < kernel.rows; first += band_rows) {
      const cv::Mat band =
          kernel.rowRange(first, std::min(first + band_rows, kernel.rows));
      const int anchor = band.rows / 2;
      const cv::Rect place(cv::Point(margin_x, first + anchor),
                           planes[c].size());
      cv::filter2D(padded(place), part, CV_32F, band, cv::Point(-1, anchor), 0,
                   cv::BORDER_REPLICATE);
      if (first == 0) {
        filtered[c] = part.clone();
      } else {
        filtered[c] += part;
      }
    }
  }
  return filtered;
}

}  // namespace graphiqa
