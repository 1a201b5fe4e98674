// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace graphiqa {

/// A colourful picture with large and small structures, values 0 to 255.
inline cv::Mat TexturePicture(int columns, int rows) {
  cv::RNG random(7);
  cv::Mat fine(rows, columns, CV_8UC3);
  random.fill(fine, cv::RNG::UNIFORM, 0, 256);
  cv::Mat coarse;
  cv::GaussianBlur(fine, coarse, {}, 4);
  cv::Mat picture = coarse + 0.2 * fine;
  cv::normalize(picture.reshape(1), picture, 0, 255, cv::NORM_MINMAX);
  return picture.reshape(3, rows);
}

inline bool SameBytes(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && a.type() == b.type() &&
         cv::norm(a, b, cv::NORM_INF) == 0;
}

}  // namespace graphiqa
