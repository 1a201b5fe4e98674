// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "planes.h"

namespace graphiqa {

/// Gaussian filter of side 2 * ceil(2 sigma) + 1, border replicated (MATLAB's
/// imgaussfilt).
/// @param plane  CV_32FC1
cv::Mat Gaussian(const cv::Mat& plane, double sigma_px);

/// Disk of a whole radius r >= 1, side 2r + 1, CV_64F, sum 1: the weight of a
/// pixel is the area that its square shares with the disk (MATLAB's
/// fspecial('disk')).
cv::Mat DiskKernel(int radius_px);

/// Line of a length >= 1 at an angle in degrees, counter-clockwise, CV_64F, sum
/// 1 (MATLAB's fspecial('motion')).
cv::Mat MotionKernel(double length_px, double degrees);

/// Correlation of each plane with a kernel, border replicated.
Planes Correlate(const Planes& planes, const cv::Mat& kernel);

}  // namespace graphiqa
