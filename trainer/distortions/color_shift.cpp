// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <vector>

#include "families.h"
#include "filter.h"

namespace graphiqa {
namespace {

cv::Mat Luma(const Planes& planes) {
  return 0.2989 * planes[0] + 0.5870 * planes[1] + 0.1140 * planes[2];
}

/// Length of the gradient: central differences, one-sided at the borders.
cv::Mat GradientLength(const cv::Mat& grey) {
  cv::Mat length(grey.size(), CV_32F);
  for (int y = 0; y < grey.rows; ++y) {
    const int up = std::max(y - 1, 0);
    const int down = std::min(y + 1, grey.rows - 1);
    const float* const above = grey.ptr<float>(up);
    const float* const below = grey.ptr<float>(down);
    const float* const row = grey.ptr<float>(y);
    float* const out = length.ptr<float>(y);
    const float vertical = 1.0f / static_cast<float>(down - up);
    for (int x = 0; x < grey.cols; ++x) {
      const int left = std::max(x - 1, 0);
      const int right = std::min(x + 1, grey.cols - 1);
      const float gx =
          (row[right] - row[left]) / static_cast<float>(right - left);
      const float gy = (below[x] - above[x]) * vertical;
      out[x] = std::sqrt(gx * gx + gy * gy);
    }
  }
  return length;
}

void Stretch(cv::Mat* plane) {
  double low = 0;
  double high = 0;
  cv::minMaxIdx(*plane, &low, &high);
  if (low < high) *plane = (*plane - low) / (high - low);
}

void ClampTo(cv::Mat* plane, double low, double high) {
  cv::max(*plane, low, *plane);
  cv::min(*plane, high, *plane);
}

/// The value of rank round(n * percent / 100), counted from 1.
float Percentile(const cv::Mat& plane, double percent) {
  std::vector<float> values(plane.begin<float>(), plane.end<float>());
  const double n = static_cast<double>(values.size());
  const double rank = std::round(std::clamp(n * percent / 100, 1.0, n));
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(rank) - 1;
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

/// Stretches, cuts off one percent at either end, stretches again.
void StretchPercentiles(cv::Mat* plane) {
  Stretch(plane);
  const double high = Percentile(*plane, 99);
  const cv::Mat inverted = 1 - *plane;
  const double low = 1 - Percentile(inverted, 99);
  ClampTo(plane, low, high);
  Stretch(plane);
}

/// How much of the shift shows at each pixel, in [0, 1]: most at edges.
cv::Mat EdgeWeight(const Planes& planes) {
  constexpr double kSigma = 4;
  cv::Mat edges = Gaussian(GradientLength(Luma(planes)), kSigma);
  Stretch(&edges);
  ClampTo(&edges, 0.1, 1);
  StretchPercentiles(&edges);
  return edges;
}

}  // namespace

Planes ColorShift(const Source& source, double amount_px, Draws* draws) {
  const double u = draws->Unit();
  const double v = draws->Unit();
  const double norm = std::max(std::hypot(u, v), 1e-12);
  const int down = static_cast<int>(std::round(amount_px * u / norm));
  const int right = static_cast<int>(std::round(amount_px * v / norm));

  Planes planes = ToPlanes(source);
  const cv::Mat weight = EdgeWeight(planes);
  cv::Mat green(planes[1].size(), CV_32F);
  for (int y = 0; y < green.rows; ++y) {
    const float* const shifted = planes[1].ptr<float>(std::max(y - down, 0));
    const float* const original = planes[1].ptr<float>(y);
    const float* const e = weight.ptr<float>(y);
    float* const out = green.ptr<float>(y);
    for (int x = 0; x < green.cols; ++x) {
      out[x] =
          e[x] * shifted[std::max(x - right, 0)] + (1 - e[x]) * original[x];
    }
  }
  planes[1] = green;
  return planes;
}

}  // namespace graphiqa
