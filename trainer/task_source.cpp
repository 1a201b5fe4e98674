// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "task_source.h"

#include <algorithm>
#include <string>
#include <utility>

#include "distortions/distortion.h"
#include "kadid_scores.h"

namespace graphiqa {
namespace {

// Streams of random numbers, so that adding one leaves the others alone.
constexpr uint64_t kPictureStream = 11;
constexpr uint64_t kLevelStream = 12;
constexpr uint64_t kPlaceStream = 13;
constexpr uint64_t kDrawStream = 14;

int RandomBelow(Random* random, size_t bound) {
  return static_cast<int>(random->Below(bound));
}

}  // namespace

TaskSource::TaskSource(const Dataset& dataset, PictureCache* pictures,
                       std::vector<size_t> indices, int64_t types)
    : dataset_(dataset),
      pictures_(pictures),
      indices_(std::move(indices)),
      none_(types > kDistortionTypes ? kDistortionTypes : -1) {
  if (indices_.empty()) {
    throw Error(ErrorCode::kFormat,
                "data set " + dataset.name + ": no picture to draw from");
  }
  online_ = std::none_of(indices_.begin(), indices_.end(), [&](size_t index) {
    return dataset.samples[index].distortion > 0;
  });
  if (online_) {
    for (int row = 0; row < kDistortionTypes; ++row) types_.push_back(row);
    if (none_ >= 0) types_.push_back(none_);
    return;
  }
  by_type_.resize(static_cast<size_t>(types));
  for (size_t index : indices_) {
    const Sample& sample = dataset.samples[index];
    // The originals that sets keep beside their copies are a task only where
    // there is a class for them.
    if (sample.distortion == 0 && none_ < 0) continue;
    const int row = sample.distortion == 0 ? none_ : sample.distortion - 1;
    if (row < 0 || row >= types) {
      throw Error(ErrorCode::kFormat, "data set " + dataset.name +
                                          ": picture '" + sample.image +
                                          "' has no known distortion");
    }
    by_type_[static_cast<size_t>(row)].push_back(index);
  }
  for (size_t row = 0; row < by_type_.size(); ++row) {
    if (!by_type_[row].empty()) types_.push_back(static_cast<int>(row));
  }
}

LabelledItem TaskSource::Stored(size_t index) const {
  const Sample& sample = dataset_.samples[index];
  LabelledItem labelled;
  labelled.item.pictures = pictures_;
  labelled.item.index = index;
  labelled.type = sample.distortion == 0 ? none_ : sample.distortion - 1;
  labelled.level = sample.level;
  labelled.ratio = KadidRatio(sample.distortion, sample.level);
  return labelled;
}

LabelledItem TaskSource::Distorted(size_t photo, int type, int level,
                                   uint64_t key) const {
  LabelledItem labelled;
  labelled.item.pictures = pictures_;
  labelled.item.index = photo;
  // What looks undistorted is undistorted, whatever it is called.
  const bool same = type == 0 || IsIdentity(type, level);
  if (same && none_ >= 0) {
    labelled.type = none_;
    return labelled;
  }
  labelled.item.type = type;
  labelled.item.level = level;
  labelled.item.draw = Random{key, kDrawStream}.Next();
  labelled.type = type - 1;
  labelled.level = level;
  labelled.ratio = KadidRatio(type, level);
  return labelled;
}

std::vector<LabelledItem> TaskSource::Draw(int type, size_t count,
                                           uint64_t key) const {
  const std::vector<size_t>& pool =
      online_ ? indices_ : by_type_.at(static_cast<size_t>(type));
  Random pick{key, kPictureStream};
  Random levels{key, kLevelStream};
  std::vector<size_t> order(pool.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::vector<LabelledItem> items;
  for (size_t i = 0; i < count; ++i) {
    // The start of a Fisher-Yates shuffle, begun anew when all are used up.
    const size_t at = i % pool.size();
    std::swap(order[at], order[at + pick.Below(pool.size() - at)]);
    const size_t index = pool[order[at]];
    LabelledItem labelled;
    if (online_) {
      const int number = type == none_ ? 0 : type + 1;
      const int level =
          number == 0 ? 0 : 1 + RandomBelow(&levels, kDistortionLevels);
      labelled = Distorted(index, number, level, key + i);
    } else {
      labelled = Stored(index);
    }
    labelled.item.place = Random{key, i, kPlaceStream}.Next();
    items.push_back(labelled);
  }
  return items;
}

std::vector<LabelledItem> TaskSource::Family(size_t photo, size_t versions,
                                             uint64_t key) const {
  Random random{key, kLevelStream};
  std::vector<LabelledItem> items;
  for (size_t i = 0; i <= versions; ++i) {
    const int type = i == 0 ? 0 : 1 + RandomBelow(&random, kDistortionTypes);
    const int level = i == 0 ? 0 : 1 + RandomBelow(&random, kDistortionLevels);
    items.push_back(Distorted(photo, type, level, key + i));
    items.back().item.place = Random{key, kPlaceStream}.Next();
  }
  return items;
}

}  // namespace graphiqa
