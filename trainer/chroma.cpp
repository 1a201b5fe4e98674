// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "chroma.h"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace graphiqa {
namespace {

constexpr double kLumaScale = 219.0 / 255.0;
constexpr double kLumaBlack = 16.0;
constexpr double kChromaScale = 224.0 / 255.0;
constexpr double kChromaMiddle = 128.0;

/// 8-bit codes of limited range and back.
void PassLuma(cv::Mat* luma) {
  luma->convertTo(*luma, CV_8U, kLumaScale, kLumaBlack);
  luma->convertTo(*luma, CV_8U, 1 / kLumaScale, -kLumaBlack / kLumaScale);
}

void PassChroma(cv::Mat* chroma) {
  const double shift = kChromaMiddle * (1 - kChromaScale);
  cv::Mat half;
  cv::resize(*chroma, half, {}, 0.5, 0.5, cv::INTER_AREA);
  half.convertTo(half, CV_8U, kChromaScale, shift);
  half.convertTo(half, CV_8U, 1 / kChromaScale, -shift / kChromaScale);
  cv::resize(half, *chroma, chroma->size(), 0, 0, cv::INTER_LINEAR);
}

}  // namespace

void PassThrough420(Picture* picture) {
  cv::Mat whole(picture->height, picture->width, CV_8UC3, picture->rgb.data());
  const int width = picture->width / 2 * 2;
  const int height = picture->height / 2 * 2;
  if (width == 0 || height == 0) return;
  cv::Mat even = whole(cv::Rect(0, 0, width, height));
  cv::Mat converted;
  cv::cvtColor(even, converted, cv::COLOR_RGB2YCrCb);
  std::vector<cv::Mat> planes;
  cv::split(converted, planes);
  PassLuma(&planes[0]);
  PassChroma(&planes[1]);
  PassChroma(&planes[2]);
  cv::merge(planes, converted);
  cv::cvtColor(converted, converted, cv::COLOR_YCrCb2RGB);
  converted.copyTo(even);
}

}  // namespace graphiqa
