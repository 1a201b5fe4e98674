// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "sheet.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <string>

#include "distortions/distortion.h"
#include "lanczos.h"
#include "parallel.h"

namespace graphiqa {
namespace {

constexpr int kPictureWidth = 512;
constexpr int kCellWidth = 256;
constexpr int kCellHeight = 192;
constexpr int kCaption = 18;
constexpr int kGap = 6;
constexpr int kLabelWidth = 230;
constexpr int kHeader = 34;
const cv::Scalar kPaper = cv::Scalar::all(255);
const cv::Scalar kInk = cv::Scalar::all(20);
const cv::Scalar kGrey = cv::Scalar::all(110);

void Write(const std::string& text, cv::Point place, double size,
           const cv::Scalar& color, cv::Mat* sheet) {
  cv::putText(*sheet, text, place, cv::FONT_HERSHEY_SIMPLEX, size, color, 1,
              cv::LINE_AA);
}

cv::Rect Middle(const cv::Mat& picture) {
  const int width = std::min(kCellWidth, picture.cols);
  const int height = std::min(kCellHeight, picture.rows);
  return {(picture.cols - width) / 2, (picture.rows - height) / 2, width,
          height};
}

cv::Point CellPlace(size_t row, size_t column) {
  return {kLabelWidth + static_cast<int>(column) * (kCellWidth + kGap),
          kHeader + static_cast<int>(row) * (kCellHeight + kCaption + kGap)};
}

void PutCell(const cv::Mat& picture, cv::Point place, const std::string& text,
             cv::Mat* sheet) {
  const cv::Rect middle = Middle(picture);
  picture(middle).copyTo((*sheet)(cv::Rect(place, middle.size())));
  Write(text, place + cv::Point(2, kCellHeight + 13), 0.4, kGrey, sheet);
}

/// Text in lines of at most `width` characters, broken at spaces.
void WriteLines(const std::string& text, size_t width, cv::Point place,
                double size, int step, cv::Mat* sheet) {
  std::string left = text;
  while (!left.empty()) {
    size_t end = left.size();
    if (end > width) {
      end = left.rfind(' ', width);
      if (end == std::string::npos) end = width;
    }
    Write(left.substr(0, end), place, size, kInk, sheet);
    place.y += step;
    left.erase(0, std::min(end + 1, left.size()));
  }
}

void PutLabel(const DistortionEntry& entry, int y, cv::Mat* sheet) {
  Write(std::to_string(entry.number), {12, y + 34}, 1.0, kInk, sheet);
  WriteLines(entry.title, 20, {12, y + 64}, 0.5, 20, sheet);
  Write(entry.family, {12, y + 128}, 0.45, kGrey, sheet);
  Write(entry.parameter, {12, y + 148}, 0.4, kGrey, sheet);
}

std::string LevelText(const DistortionEntry& entry, int level) {
  return cv::format("level %d: %g", level,
                    entry.values[static_cast<size_t>(level - 1)]);
}

}  // namespace

cv::Mat MakeSheet(const cv::Mat& rgb, const SheetOptions& options) {
  cv::Mat picture = rgb;
  if (picture.cols > kPictureWidth) {
    picture = LanczosResize(
        rgb, {kPictureWidth, std::max(rgb.rows * kPictureWidth / rgb.cols, 1)});
  }
  const cv::Point corner =
      CellPlace(options.types.size(), options.levels.size() + 1);
  cv::Mat sheet(corner.y, corner.x, CV_8UC3, kPaper);
  Write("original", {kLabelWidth, 24}, 0.5, kInk, &sheet);
  for (size_t i = 0; i < options.levels.size(); ++i) {
    Write("level " + std::to_string(options.levels[i]),
          {CellPlace(0, i + 1).x, 24}, 0.5, kInk, &sheet);
  }
  DistortOptions distort;
  distort.stretch = options.stretch;
  std::string failure;
  const bool whole = ForEachParallel(
      options.types.size(), options.jobs, "types",
      [&](size_t row) {
        const DistortionEntry& entry = kDistortions[options.types[row] - 1];
        PutLabel(entry, CellPlace(row, 0).y, &sheet);
        PutCell(picture, CellPlace(row, 0), "", &sheet);
        for (size_t i = 0; i < options.levels.size(); ++i) {
          const int level = options.levels[i];
          PutCell(Distort(picture, entry.number, level, options.seed, distort),
                  CellPlace(row, i + 1), LevelText(entry, level), &sheet);
        }
      },
      [&](size_t, const std::string& message) { failure = message; });
  if (!failure.empty()) throw Error(ErrorCode::kShape, failure);
  return whole ? sheet : cv::Mat();
}

}  // namespace graphiqa
