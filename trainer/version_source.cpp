// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "version_source.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "chroma.h"
#include "distortions/distortion.h"
#include "network/preprocess.h"
#include "random.h"

namespace graphiqa {
namespace {

constexpr uint64_t kVersionStream = 81;
/// Smaller photographs hardly look like any that people take.
constexpr double kSmallestScale = 0.6;

cv::Mat PrepareContent(const Picture& source, const Version& version,
                       int view_size_px) {
  // Never written to.
  const cv::Mat whole(source.height, source.width, CV_8UC3,
                      const_cast<uint8_t*>(source.rgb.data()));
  cv::Mat picture = whole;
  const int shorter = std::min(source.width, source.height);
  const double scale =
      std::max(version.scale, static_cast<double>(view_size_px) / shorter);
  if (scale < 1) {
    cv::resize(whole, picture,
               {static_cast<int>(std::lround(source.width * scale)),
                static_cast<int>(std::lround(source.height * scale))},
               0, 0, cv::INTER_AREA);
  }
  if (version.flip) {
    cv::Mat flipped;
    cv::flip(picture, flipped, 1);
    picture = flipped;
  }
  return picture;
}

Picture MakeVersion(const Picture& source, const Version& version,
                    int view_size_px) {
  cv::Mat made = PrepareContent(source, version, view_size_px);
  if (version.type > 0) {
    made = Distort(made, version.type, version.level, version.draw);
  }
  if (!made.isContinuous()) made = made.clone();
  Picture picture{made.cols, made.rows, {made.datastart, made.dataend}};
  if (version.chroma) PassThrough420(&picture);
  return picture;
}

}  // namespace

Version DrawVersion(uint64_t number, size_t contents,
                    const VersionOptions& options) {
  Random random{options.seed, number, kVersionStream};
  Version version;
  version.content = random.Below(contents);
  const bool none = random.Unit() < options.none;
  version.type =
      none ? 0 : 1 + static_cast<int>(random.Below(kDistortionTypes));
  version.level =
      none ? 0 : 1 + static_cast<int>(random.Below(kDistortionLevels));
  const double scale = kSmallestScale + (1 - kSmallestScale) * random.Unit();
  version.scale = random.Unit() < options.scaled ? scale : 1;
  version.flip = random.Below(2) == 1;
  version.chroma = random.Unit() < options.chroma;
  version.draw = random.Next();
  version.place = random.Next();
  return version;
}

at::Tensor VersionImages(const Content& content, const Version& version,
                         const InputInfo& input, int draws) {
  const auto source = content.pictures->Get(content.index);
  const Picture picture =
      MakeVersion(*source, version, input.views.view_size_px);
  Random place{version.place};
  std::vector<ViewPixels> views;
  for (int draw = 0; draw < std::max(draws, 1); ++draw) {
    const std::vector<View> areas =
        draws > 0
            ? RandomViews(input.views, picture.width, picture.height, &place)
            : PlanViews(input.views, picture.width, picture.height, 0, 0);
    std::vector<ViewPixels> cut =
        CutViews(areas, picture.rgb.data(), picture.width, picture.height,
                 picture.stride());
    std::move(cut.begin(), cut.end(), std::back_inserter(views));
  }
  return PreprocessViews(views, input);
}

}  // namespace graphiqa
