// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace graphiqa {

struct SheetOptions {
  std::vector<int> types;   ///< rows
  std::vector<int> levels;  ///< columns, after one of the original
  uint64_t seed = 0;
  bool stretch = false;
  int jobs = 1;
};

/// One picture with every type and level: each cell shows the middle of the
/// distorted picture, pixel by pixel, with the level's value below; each row
/// begins with the type's number, title and parameter.
/// @param rgb  CV_8UC3; large pictures are scaled down to 512 pixels in width
/// @returns an empty picture after an interrupt
cv::Mat MakeSheet(const cv::Mat& rgb, const SheetOptions& options);

}  // namespace graphiqa
