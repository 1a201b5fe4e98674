// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace graphiqa {

/// Removes noise by a threshold on the cosine transform of overlapping blocks
/// of 8x8 pixels, one block every 2 pixels either way, averaged with weights
/// that favour blocks of few coefficients (Guleryuz, "Weighted Averaging for
/// Denoising with Overcomplete Dictionaries", IEEE TIP 16(12), 2007).
/// @param plane      CV_32FC1, from 8x8; border replicated
/// @param threshold  coefficients of the orthonormal transform below it in
///   magnitude, except the mean, become 0; about 2.7 sigma
cv::Mat DctDenoise(const cv::Mat& plane, float threshold);

}  // namespace graphiqa
