// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace graphiqa {

/// Palette of a picture by X. Wu, "Efficient Statistical Computations for
/// Optimal Color Quantization", Graphics Gems II, 1991: boxes of cells of 8
/// values a side, split where that lowers the squared error most.
/// @param rgb     CV_8UC3
/// @param colors  most colours, 1..254
/// @returns at least one colour
std::vector<cv::Vec3b> WuPalette(const cv::Mat& rgb, int colors);

}  // namespace graphiqa
