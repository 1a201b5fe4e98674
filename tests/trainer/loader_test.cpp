// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "loader.h"

#include <ATen/Functions.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "chroma.h"
#include "dataset.h"
#include "scratch_data.h"

namespace graphiqa {
namespace {

/// Rows of red and green pixels in turn: their chroma averages out, their luma
/// does not.
Picture Stripes(int width, int height) {
  Picture picture;
  picture.width = width;
  picture.height = height;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool red = y % 2 == 0;
      picture.rgb.insert(picture.rgb.end(),
                         {red ? uint8_t{200} : uint8_t{0},
                          red ? uint8_t{0} : uint8_t{200}, uint8_t{0}});
    }
  }
  return picture;
}

TEST(Chroma, HalvesColourAndKeepsGrey) {
  Picture grey = Stripes(8, 6);
  for (size_t i = 0; i < grey.rgb.size(); ++i) {
    grey.rgb[i] = static_cast<uint8_t>(40 + i / 3);
  }
  Picture passed = grey;
  PassThrough420(&passed);
  for (size_t i = 0; i < grey.rgb.size(); ++i) {
    EXPECT_LE(std::abs(grey.rgb[i] - passed.rgb[i]), 2) << i;
  }
  const Picture stripes = Stripes(8, 6);
  Picture mixed = stripes;
  PassThrough420(&mixed);
  const int before = stripes.rgb[0] - stripes.rgb[1];
  const int after = mixed.rgb[0] - mixed.rgb[1];
  EXPECT_LT(after, before / 2) << "red turns towards the mean of both rows";
}

TEST(Chroma, LeavesALastOddRowAndColumn) {
  const Picture stripes = Stripes(7, 5);
  Picture passed = stripes;
  PassThrough420(&passed);
  EXPECT_NE(stripes.rgb, passed.rgb);
  const size_t last_row = 4 * stripes.stride();
  for (size_t i = last_row; i < stripes.rgb.size(); ++i) {
    EXPECT_EQ(stripes.rgb[i], passed.rgb[i]) << i;
  }
  Picture dot = Stripes(1, 1);
  PassThrough420(&dot);
  EXPECT_EQ(dot.rgb, Stripes(1, 1).rgb);
}

TEST(Loader, PassesTheWantedShareThrough420) {
  const ScratchFolder folder;
  WriteTinyDataset(folder);
  const Dataset dataset =
      ReadDataset("csv", {folder.File("list.csv"), "", "0,100"});
  std::vector<std::string> paths;
  for (const Sample& picture : dataset.samples) paths.push_back(picture.path);
  PictureCache pictures(paths, 1 << 24);
  std::vector<Item> items = PlainItems(&pictures, {0, 1, 2, 3, 4, 5}, 1, 1);
  SampleOptions sample;
  sample.views = ParseViews("native:1", 32);
  sample.input.views = sample.views;
  sample.augment = true;
  const at::Tensor none = MakeImages(items, sample);
  sample.chroma = 1;
  const at::Tensor all = MakeImages(items, sample);
  sample.chroma = 0.5;
  const at::Tensor half = MakeImages(items, sample);
  int passed = 0;
  for (int64_t i = 0; i < none.size(0); ++i) {
    EXPECT_FALSE(none[i].equal(all[i])) << i;
    EXPECT_TRUE(half[i].equal(none[i]) || half[i].equal(all[i])) << i;
    passed += half[i].equal(all[i]) ? 1 : 0;
  }
  EXPECT_GT(passed, 0);
  EXPECT_LT(passed, 6);
  sample.augment = false;
  const at::Tensor planned = MakeImages(items, sample);
  sample.chroma = 0;
  EXPECT_TRUE(planned.equal(MakeImages(items, sample)))
      << "what is measured stays as it is";
}

}  // namespace
}  // namespace graphiqa
