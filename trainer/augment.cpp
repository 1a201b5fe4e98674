// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "augment.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <opencv2/core.hpp>
#include <sstream>

namespace graphiqa {
namespace {

[[noreturn]] void BadViews(const std::string& text) {
  throw Error(ErrorCode::kUsage,
              "views '" + text +
                  "': want a list of native:COUNT and whole@SCALE:COUNT with "
                  "counts of 1 to 64 and scales of 1 to 8");
}

int ParseCount(const std::string& item, const std::string& text) {
  const size_t colon = item.find(':');
  if (colon == std::string::npos) BadViews(text);
  char* end = nullptr;
  const long count = std::strtol(item.c_str() + colon + 1, &end, 10);
  if (*end != '\0' || count < 1 || count > 64) BadViews(text);
  return static_cast<int>(count);
}

double ParseScale(const std::string& item, const std::string& text) {
  const size_t at = item.find('@');
  if (at == std::string::npos) return 1.0;
  char* end = nullptr;
  const double scale = std::strtod(item.c_str() + at + 1, &end);
  if (*end != ':' || !(scale >= 1 && scale <= 8)) BadViews(text);
  return scale;
}

View RandomWindow(ViewKind kind, int side_x, int side_y, int width, int height,
                  Random* random) {
  const auto offset = [&](int room) {
    return static_cast<int>(random->Below(static_cast<uint64_t>(room) + 1));
  };
  const int x = offset(width - side_x);
  const int y = offset(height - side_y);
  return {kind, x, y, side_x, side_y};
}

}  // namespace

ViewPlan ParseViews(const std::string& text, int view_size_px) {
  ViewPlan plan;
  plan.view_size_px = view_size_px;
  plan.native = 0;
  std::istringstream items(text);
  std::string item;
  while (std::getline(items, item, ',')) {
    const int count = ParseCount(item, text);
    if (item.rfind("native:", 0) == 0) {
      plan.native += count;
    } else if (item.rfind("whole:", 0) == 0 || item.rfind("whole@", 0) == 0) {
      plan.whole.push_back({ParseScale(item, text), count});
    } else {
      BadViews(text);
    }
  }
  if (CountViews(plan) < 1) BadViews(text);
  return plan;
}

std::string FormatViews(const ViewPlan& plan) {
  std::ostringstream text;
  if (plan.native > 0) text << "native:" << plan.native;
  for (const WholeViews& whole : plan.whole) {
    text << (text.tellp() > 0 ? "," : "") << "whole@" << whole.scale << ':'
         << whole.count;
  }
  return text.str();
}

int CountViews(const ViewPlan& plan) {
  int count = plan.native;
  for (const WholeViews& whole : plan.whole) count += whole.count;
  return count;
}

std::vector<View> RandomViews(const ViewPlan& plan, int width, int height,
                              Random* random) {
  std::vector<View> views;
  for (const WholeViews& whole : plan.whole) {
    const int shorter = std::min(width, height);
    const int side = std::clamp(
        static_cast<int>(std::lround(shorter / whole.scale)), 1, shorter);
    for (int i = 0; i < whole.count; ++i) {
      views.push_back(
          RandomWindow(ViewKind::kWhole, side, side, width, height, random));
    }
  }
  const int side_x = std::min(plan.view_size_px, width);
  const int side_y = std::min(plan.view_size_px, height);
  for (int i = 0; i < plan.native; ++i) {
    views.push_back(
        RandomWindow(ViewKind::kNative, side_x, side_y, width, height, random));
  }
  return views;
}

void FlipViews(std::vector<ViewPixels>* views) {
  for (ViewPixels& pixels : *views) {
    cv::Mat image(pixels.view.height, pixels.view.width, CV_8UC3,
                  pixels.rgb.data());
    cv::Mat flipped;
    cv::flip(image, flipped, 1);
    flipped.copyTo(image);
  }
}

}  // namespace graphiqa
