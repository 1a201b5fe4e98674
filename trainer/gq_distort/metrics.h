// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <opencv2/core.hpp>

namespace graphiqa {

inline constexpr int kStrengthColumns = 4;
inline constexpr std::array<const char*, kStrengthColumns> kStrengthNames = {
    "psnr", "ssim", "mean_diff", "std_diff"};

/// What a distortion has done to a picture, by kStrengthNames: PSNR in dB over
/// RGB, 99 when nothing differs; SSIM; mean and standard deviation of
/// output - input in steps of a byte. SSIM (Wang et al., IEEE TIP 13(4), 2004)
/// is of the luma 0.299 R + 0.587 G + 0.114 B, with a Gaussian window of 11
/// taps and sigma 1.5, averaged over all but the outer five pixels.
using Strength = std::array<double, kStrengthColumns>;

/// @param input, output  CV_8UC3, RGB, one size, from 16x16
Strength MeasureStrength(const cv::Mat& input, const cv::Mat& output);

}  // namespace graphiqa
