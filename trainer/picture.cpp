// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "picture.h"

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace graphiqa {
namespace {

constexpr size_t kMaxBytes = size_t{1} << 30;

}  // namespace

Picture ReadPicture(const std::string& path) {
  cv::Mat bgr;
  try {
    bgr = cv::imread(path, cv::IMREAD_COLOR);
  } catch (const cv::Exception& error) {
    throw Error(ErrorCode::kFormat, path + ": " + error.what());
  }
  if (bgr.empty()) {
    throw Error(ErrorCode::kFormat, path + ": is no picture that can be read");
  }
  const size_t bytes = bgr.total() * 3;
  if (bytes > kMaxBytes) {
    throw Error(ErrorCode::kFormat, path + ": is larger than 1 GiB of RGB");
  }
  Picture picture;
  picture.width = bgr.cols;
  picture.height = bgr.rows;
  picture.rgb.resize(bytes);
  cv::Mat rgb(bgr.rows, bgr.cols, CV_8UC3, picture.rgb.data());
  cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
  return picture;
}

PictureCache::PictureCache(std::vector<std::string> paths, size_t limit_bytes)
    : paths_(std::move(paths)),
      limit_bytes_(limit_bytes),
      pictures_(paths_.size()) {}

std::shared_ptr<const Picture> PictureCache::Get(size_t index) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (pictures_[index]) return pictures_[index];
  }
  auto picture = std::make_shared<const Picture>(ReadPicture(paths_[index]));
  const std::lock_guard<std::mutex> lock(mutex_);
  const size_t bytes = picture->rgb.size();
  if (!pictures_[index] && bytes_ + bytes <= limit_bytes_) {
    bytes_ += bytes;
    pictures_[index] = picture;
  }
  return picture;
}

}  // namespace graphiqa
