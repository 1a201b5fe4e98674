// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "page/moment.h"

#include <algorithm>

#include "picture_state.h"

namespace graphiqa {
namespace {

constexpr PictureState kStates[kPictureStates] = {
    PictureState::kNormal, PictureState::kBlack, PictureState::kFlat,
    PictureState::kFrozen};

}  // namespace

size_t NameTable::IndexOf(const std::string& name) {
  const auto found = std::find(names_.begin(), names_.end(), name);
  const auto index = static_cast<size_t>(found - names_.begin());
  if (found == names_.end()) names_.push_back(name);
  return index;
}

size_t PictureIndex(const std::string& picture) {
  for (size_t i = 0; i < kPictureStates; ++i) {
    if (picture == PictureName(i)) return i;
  }
  return 0;
}

const char* PictureName(size_t index) { return ToString(kStates[index]); }

Moment::Moment(const FrameRow& row, double time_s, NameTable* names)
    : first_s(time_s), last_s(time_s) {
  score.Add(row.score);
  uncertainty.Add(row.uncertainty);
  if (row.level) level.Add(*row.level);
  if (row.distortion) {
    const size_t type = names->IndexOf(*row.distortion);
    types.resize(type + 1);
    types[type] = 1;
  }
  pictures[PictureIndex(row.picture)] = 1;
}

void Moment::Merge(const Moment& later) {
  last_s = later.last_s;
  score.Merge(later.score);
  uncertainty.Merge(later.uncertainty);
  level.Merge(later.level);
  types.resize(std::max(types.size(), later.types.size()));
  for (size_t i = 0; i < later.types.size(); ++i) types[i] += later.types[i];
  for (size_t i = 0; i < kPictureStates; ++i) pictures[i] += later.pictures[i];
}

int Moment::MainType() const {
  const auto most = std::max_element(types.begin(), types.end());
  return most == types.end() ? -1 : static_cast<int>(most - types.begin());
}

size_t Moment::MainPicture() const {
  const auto most = std::max_element(pictures.begin() + 1, pictures.end());
  return *most > 0 ? static_cast<size_t>(most - pictures.begin()) : 0;
}

}  // namespace graphiqa
