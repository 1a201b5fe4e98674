// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "pictures.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "datasets/folder.h"
#include "error.h"
#include "picture.h"

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

}  // namespace

std::vector<std::string> ListPictures(const std::string& folder) {
  if (!fs::is_directory(folder)) {
    throw Error(ErrorCode::kNotFound, folder + ": no such folder");
  }
  std::vector<std::string> pictures;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && IsPictureName(entry.path().string())) {
      pictures.push_back(
          entry.path().lexically_relative(folder).generic_string());
    }
  }
  if (pictures.empty()) {
    throw Error(ErrorCode::kNotFound, folder + ": no picture in this folder");
  }
  std::sort(pictures.begin(), pictures.end());
  return pictures;
}

cv::Mat ReadRgb(const std::string& path) {
  if (!fs::exists(path)) {
    throw Error(ErrorCode::kNotFound, path + ": no such file");
  }
  Picture picture = ReadPicture(path);
  return cv::Mat(picture.height, picture.width, CV_8UC3, picture.rgb.data())
      .clone();
}

void WriteRgb(const std::string& path, const cv::Mat& rgb) {
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  std::vector<uint8_t> bytes;
  try {
    const std::string end = fs::path(path).extension().string();
    if (!cv::imencode(end, bgr, bytes)) throw cv::Exception();
  } catch (const cv::Exception&) {
    throw Error(ErrorCode::kUsage,
                path + ": pictures cannot be written in this format");
  }
  // Renamed when whole. Not flushed to the disk one by one, which would take
  // longer than the rest.
  const std::string part = path + ".part";
  std::ofstream file(part, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  file.close();
  std::error_code error;
  if (file) fs::rename(part, path, error);
  if (!file || error) {
    fs::remove(part, error);
    throw Error(ErrorCode::kFile, path + ": cannot be written");
  }
}

}  // namespace graphiqa
