// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <vector>

#include "families.h"

namespace graphiqa {
namespace {

int Round(double value) { return static_cast<int>(std::round(value)); }

/// Column (or row) of a patch, counted from 0, in a picture of that size.
int PatchPlace(double u, int size) {
  constexpr int kMargin = 16;
  return Round(u * (size - 3 * kMargin)) + kMargin - 1;
}

/// Source of each output pixel along one axis: nearest neighbour down to
/// ceil(scale * size) pixels and up again.
std::vector<int> PixelateMap(int size, double scale) {
  const int small = static_cast<int>(std::ceil(scale * size));
  std::vector<int> map(static_cast<size_t>(size));
  for (int i = 0; i < size; ++i) {
    const double up = static_cast<double>(size) / small;
    const int middle =
        std::min(static_cast<int>(std::floor((i + 0.5) / up)), small - 1);
    map[static_cast<size_t>(i)] = std::min(
        static_cast<int>(std::floor((middle + 0.5) / scale)), size - 1);
  }
  return map;
}

}  // namespace

Planes NonEccentricityPatch(const Source& source, double patches,
                            Draws* draws) {
  constexpr int kSide = 16;
  Planes planes = ToPlanes(source);
  const int last_x = planes[0].cols - kSide;
  const int last_y = planes[0].rows - kSide;
  for (int i = 0; i < static_cast<int>(patches); ++i) {
    // Only pictures of less than 48 pixels a side need the clamps.
    const int x =
        std::clamp(PatchPlace(draws->Unit(), planes[0].cols), 0, last_x);
    const int y =
        std::clamp(PatchPlace(draws->Unit(), planes[0].rows), 0, last_y);
    // One-based as in the generator: it decides how halves are rounded.
    const int to_x = Round((draws->Unit() - 0.5) * kSide + x + 1) - 1;
    const int to_y = Round((draws->Unit() - 0.5) * kSide + y + 1) - 1;
    const cv::Rect from(x, y, kSide, kSide);
    const cv::Rect to(std::clamp(to_x, 0, last_x), std::clamp(to_y, 0, last_y),
                      kSide, kSide);
    for (cv::Mat& plane : planes) {
      const cv::Mat patch = plane(from).clone();
      patch.copyTo(plane(to));
    }
  }
  return planes;
}

Planes Pixelate(const Source& source, double strength, Draws* /*draws*/) {
  const double scale = 0.95 - std::pow(strength, 0.6);
  const std::vector<int> columns = PixelateMap(source.rgb.cols, scale);
  const std::vector<int> rows = PixelateMap(source.rgb.rows, scale);
  Planes planes = ToPlanes(source);
  for (cv::Mat& plane : planes) {
    cv::Mat coarse(plane.size(), CV_32F);
    for (int y = 0; y < plane.rows; ++y) {
      const float* const from = plane.ptr<float>(rows[static_cast<size_t>(y)]);
      float* const to = coarse.ptr<float>(y);
      for (size_t x = 0; x < columns.size(); ++x) to[x] = from[columns[x]];
    }
    plane = coarse;
  }
  return planes;
}

Planes ColorBlock(const Source& source, double blocks, Draws* draws) {
  constexpr int kSide = 32;
  Planes planes = ToPlanes(source);
  const cv::Rect picture(cv::Point(), planes[0].size());
  for (int i = 0; i < static_cast<int>(blocks); ++i) {
    std::array<double, 3> color;
    for (double& value : color) value = draws->Unit();
    // Counted from 1, so a position that rounds to 0 loses a column or row.
    const int x = Round(draws->Unit() * std::max(picture.width - kSide, 0)) - 1;
    const int y =
        Round(draws->Unit() * std::max(picture.height - kSide, 0)) - 1;
    const cv::Rect block = cv::Rect(x, y, kSide, kSide) & picture;
    for (size_t c = 0; c < 3; ++c) planes[c](block).setTo(color[c]);
  }
  return planes;
}

}  // namespace graphiqa
