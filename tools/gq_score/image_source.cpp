// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "image_source.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "picture_state.h"
#include "thumbnail.h"

namespace graphiqa {
namespace {

constexpr unsigned char kMarker = 0xff;
constexpr unsigned char kStartOfImage = 0xd8;
constexpr unsigned char kEndOfImage = 0xd9;
constexpr unsigned char kStartOfScan = 0xda;

/// libjpeg fills what is missing with grey and only warns, so a JPEG file that
/// was cut off has to be found by its missing end marker. Segments before the
/// first scan are skipped by their length: thumbnails in them have end markers
/// of their own.
bool IsCutOffJpeg(const std::vector<unsigned char>& bytes) {
  if (bytes.size() < 4 || bytes[0] != kMarker || bytes[1] != kStartOfImage) {
    return false;
  }
  size_t at = 2;
  while (at + 4 <= bytes.size() && bytes[at] == kMarker &&
         bytes[at + 1] != kStartOfScan) {
    at += bytes[at + 1] == kMarker
              ? 1
              : 2 + static_cast<size_t>(bytes[at + 2] << 8 | bytes[at + 3]);
  }
  for (; at + 2 <= bytes.size(); ++at) {
    if (bytes[at] == kMarker && bytes[at + 1] == kEndOfImage) return false;
  }
  return true;
}

/// libpng writes to stderr about a file without its last chunk.
bool IsCutOffPng(const std::vector<unsigned char>& bytes) {
  constexpr unsigned char kStart[] = {0x89, 'P', 'N', 'G'};
  constexpr unsigned char kEnd[] = {'I', 'E', 'N', 'D'};
  return bytes.size() >= sizeof kStart &&
         std::equal(std::begin(kStart), std::end(kStart), bytes.begin()) &&
         std::search(bytes.begin(), bytes.end(), std::begin(kEnd),
                     std::end(kEnd)) == bytes.end();
}

std::vector<unsigned char> ReadBytes(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::vector<unsigned char> bytes{std::istreambuf_iterator<char>(stream), {}};
  if (stream.bad()) throw Error(ErrorCode::kFile, "cannot be read");
  return bytes;
}

cv::Mat ReadRgb(const std::string& path) {
  const std::vector<unsigned char> bytes = ReadBytes(path);
  if (IsCutOffJpeg(bytes) || IsCutOffPng(bytes)) {
    throw Error(ErrorCode::kFormat, "the image is cut off");
  }
  cv::Mat picture;
  try {
    picture = cv::imdecode(bytes, cv::IMREAD_COLOR);
  } catch (const cv::Exception& error) {
    throw Error(ErrorCode::kFormat,
                "the image cannot be decoded: " + error.err);
  }
  if (picture.empty()) {
    throw Error(ErrorCode::kFormat, "the image is damaged or cut off");
  }
  cv::cvtColor(picture, picture, cv::COLOR_BGR2RGB);
  return picture;
}

}  // namespace

bool IsImage(const std::string& path) {
  try {
    return cv::haveImageReader(path);
  } catch (const cv::Exception&) {
    return false;
  }
}

std::string ScoreImage(const std::string& path, Scorer* scorer, int crops,
                       const RowSink& sink) {
  const cv::Mat rgb = ReadRgb(path);
  const QualityResult result =
      scorer->ScorePicture(rgb.data, rgb.cols, rgb.rows, rgb.step[0], 0, crops);
  FrameRow row;
  row.score = result.score;
  row.uncertainty = result.uncertainty;
  if (result.distortion) {
    const std::vector<std::string>& types = scorer->model().types;
    row.distortion = types.at(static_cast<size_t>(*result.distortion));
    row.confidence = result.confidence;
  }
  row.level = result.level;
  row.picture = ToString(
      StillState(SampleRgbLuma(rgb.data, rgb.cols, rgb.rows, rgb.step[0])));
  row.state = "fresh";
  sink(row, [&rgb] { return ThumbnailOf(rgb); });
  return std::to_string(rgb.cols) + " × " + std::to_string(rgb.rows);
}

}  // namespace graphiqa
