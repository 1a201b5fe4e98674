// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace graphiqa {

/// Scales a picture with a Lanczos filter of three lobes that widens when the
/// picture shrinks, as Pillow does; OpenCV's does not widen and aliases.
/// @param picture  CV_8UC3
cv::Mat LanczosResize(const cv::Mat& picture, cv::Size size);

}  // namespace graphiqa
