// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Value by value against outputs of the official generator, with the random
/// numbers those were made with. The folder of GRAPHIQA_GOLDEN_DISTORTIONS, or
/// the copies in tests/data, which are some of them.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "distortions/distortion.h"
#include "golden_draws.h"

namespace graphiqa {
namespace {

std::string GoldenFolder() {
  const char* const folder = std::getenv("GRAPHIQA_GOLDEN_DISTORTIONS");
  return folder ? folder : GRAPHIQA_TEST_DATA "/golden_distortions";
}

cv::Mat ReadRgb(const std::string& path) {
  cv::Mat picture = cv::imread(path, cv::IMREAD_COLOR);
  if (!picture.empty()) cv::cvtColor(picture, picture, cv::COLOR_BGR2RGB);
  return picture;
}

/// What a second implementation from the same description needs, in steps of
/// a byte and as the share of values that differ at all.
struct Tolerance {
  int steps = 1;
  double share = 0.01;
};

Tolerance ToleranceOf(int type) {
  if (type == 6) return {1, 0.06};
  if (type == 7) return {1, 0.04};
  return {};
}

struct Difference {
  int greatest = 0;
  double share = 0;
  double mean = 0;
};

Difference Compare(const cv::Mat& a, const cv::Mat& b) {
  cv::Mat difference;
  cv::absdiff(a, b, difference);
  difference = difference.reshape(1);
  double greatest = 0;
  cv::minMaxIdx(difference, nullptr, &greatest);
  const double total = static_cast<double>(difference.total());
  return {static_cast<int>(greatest), cv::countNonZero(difference) / total,
          cv::sum(difference)[0] / total};
}

/// Compares all pictures of one folder; @returns how many there were.
int CompareFolder(const std::string& name) {
  const std::string folder = GoldenFolder();
  const cv::Mat input = ReadRgb(folder + "/" + name + "/input.png");
  if (input.empty()) {
    ADD_FAILURE() << folder << "/" << name << "/input.png cannot be read";
    return 0;
  }
  DistortOptions options;
  options.stretch = true;
  int count = 0;
  for (int type = 1; type <= kDistortionTypes; ++type) {
    for (int level = 1; level <= kDistortionLevels; ++level) {
      const std::string file = cv::format("%s/%s/%02d_%02d.png", folder.c_str(),
                                          name.c_str(), type, level);
      if (!std::filesystem::exists(file)) continue;
      ++count;
      const auto draws = GoldenDraws(folder, type, level);
      const cv::Mat output =
          DistortWith(input, type, level, draws.get(), options);
      const Difference found = Compare(output, ReadRgb(file));
      const Tolerance allowed = ToleranceOf(type);
      std::printf("%-6s %2d L%d  max %d  share %.4f %%  mean %.6f\n",
                  name.c_str(), type, level, found.greatest, 100 * found.share,
                  found.mean);
      EXPECT_LE(found.greatest, allowed.steps) << file;
      EXPECT_LE(found.share, allowed.share) << file;
      if (const auto* list = dynamic_cast<ListedDraws*>(draws.get())) {
        EXPECT_EQ(list->left(), 0u) << file << ": numbers are left over";
      }
    }
  }
  return count;
}

TEST(DistortionGoldenTest, PictureThatFillsTheRange) {
  EXPECT_GE(CompareFolder("full"), 11);
}

TEST(DistortionGoldenTest, PictureOfLowContrast) {
  EXPECT_GE(CompareFolder("narrow"), 60);
}

}  // namespace
}  // namespace graphiqa
