// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace graphiqa {

/// A JP2 file in memory, written by OpenJPEG: irreversible 9/7 wavelet, RGB to
/// YCC, four decompositions, one layer.
/// @param rgb    CV_8UC3, from 16x16
/// @param ratio  bytes of the picture to bytes of the file, > 1; small pictures
///   may miss it
/// @throws Error(kFormat) when OpenJPEG refuses
std::vector<uint8_t> EncodeJp2(const cv::Mat& rgb, double ratio);

/// @returns CV_8UC3, RGB order
/// @throws Error(kFormat) when it is no picture of three 8-bit components
cv::Mat DecodeJp2(const std::vector<uint8_t>& file);

}  // namespace graphiqa
