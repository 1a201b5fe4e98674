// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "loader.h"

#include <iterator>
#include <opencv2/core.hpp>
#include <utility>

#include "chroma.h"
#include "distortions/distortion.h"
#include "network/preprocess.h"

namespace graphiqa {
namespace {

constexpr uint64_t kChromaStream = 71;

/// Versions of one picture go the same way.
bool PassesThrough420(const Item& item, const SampleOptions& options) {
  if (!options.augment || options.chroma <= 0) return false;
  Random random{item.place, kChromaStream};
  return static_cast<double>(random.Below(1000)) < 1000 * options.chroma;
}

std::vector<ViewPixels> CutItem(const Picture& picture, const Item& item,
                                const SampleOptions& options) {
  Random place{item.place};
  const bool flip = options.augment && place.Below(2) == 1;
  const std::vector<View> areas =
      options.augment
          ? RandomViews(options.views, picture.width, picture.height, &place)
          : PlanViews(options.views, picture.width, picture.height, 0, 0);
  std::vector<ViewPixels> pixels =
      CutViews(areas, picture.rgb.data(), picture.width, picture.height,
               picture.stride());
  if (flip) FlipViews(&pixels);
  return pixels;
}

}  // namespace

Picture MakePicture(const Item& item) {
  const auto source = item.pictures->Get(item.index);
  Picture picture = *source;
  if (item.type == 0) return picture;
  const cv::Mat image(picture.height, picture.width, CV_8UC3,
                      picture.rgb.data());
  const cv::Mat distorted =
      Distort(image, item.type, item.level, item.draw, DistortOptions());
  picture.rgb.assign(distorted.datastart, distorted.dataend);
  return picture;
}

at::Tensor MakeImages(const std::vector<Item>& items,
                      const SampleOptions& options) {
  std::vector<ViewPixels> views;
  for (const Item& item : items) {
    const bool chroma = PassesThrough420(item, options);
    std::vector<ViewPixels> cut;
    if (item.type == 0 && !chroma) {
      cut = CutItem(*item.pictures->Get(item.index), item, options);
    } else {
      Picture picture = MakePicture(item);
      if (chroma) PassThrough420(&picture);
      cut = CutItem(picture, item, options);
    }
    std::move(cut.begin(), cut.end(), std::back_inserter(views));
  }
  return PreprocessViews(views, options.input);
}

std::vector<std::vector<Item>> ItemBatches(const std::vector<Item>& items,
                                           int size) {
  std::vector<std::vector<Item>> batches;
  for (const Item& item : items) {
    if (batches.empty() || batches.back().size() == static_cast<size_t>(size)) {
      batches.emplace_back();
    }
    batches.back().push_back(item);
  }
  return batches;
}

std::vector<Item> PlainItems(PictureCache* pictures,
                             const std::vector<size_t>& indices, uint64_t seed,
                             uint64_t epoch) {
  constexpr uint64_t kViewStream = 1;
  std::vector<Item> items;
  for (size_t index : indices) {
    Item item;
    item.pictures = pictures;
    item.index = index;
    item.place = Random{seed, epoch, index, kViewStream}.Next();
    items.push_back(item);
  }
  return items;
}

}  // namespace graphiqa
