// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace graphiqa {

/// The pictures in a folder and below it, by the ends of their names, sorted;
/// paths relative to the folder.
/// @throws Error(kNotFound) when there is no such folder or no picture in it
std::vector<std::string> ListPictures(const std::string& folder);

/// CV_8UC3, RGB.
/// @throws Error(kNotFound|kFormat) naming the file
cv::Mat ReadRgb(const std::string& path);

/// Writes a picture in the format that the end of its name says, whole or not
/// at all.
/// @param rgb  CV_8UC3
/// @throws Error(kUsage) when OpenCV has no such format, Error(kFile) when the
///   file cannot be written; both name it
void WriteRgb(const std::string& path, const cv::Mat& rgb);

}  // namespace graphiqa
