// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "program/chart/decimator.h"
#include "row.h"

namespace graphiqa {

/// Names in the order in which they first came.
class NameTable {
 public:
  /// Adds a name that is new.
  size_t IndexOf(const std::string& name);
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
};

constexpr size_t kPictureStates = 4;

/// normal, black, flat, frozen; 0 for anything else.
size_t PictureIndex(const std::string& picture);
const char* PictureName(size_t index);

/// What one or several frames in a row say.
struct Moment {
  double first_s = 0;
  double last_s = 0;
  ValueRange score;
  ValueRange uncertainty;
  ValueRange level;             ///< empty where the model knows none
  std::vector<uint32_t> types;  ///< frames by place in the NameTable
  std::array<uint32_t, kPictureStates> pictures{};

  Moment() = default;
  Moment(const FrameRow& row, double time_s, NameTable* names);

  void Merge(const Moment& later);
  double middle_s() const { return (first_s + last_s) / 2; }

  /// Place of the most frequent type, -1 where none was named.
  int MainType() const;
  /// The most frequent state that is not normal, where any frame has one.
  size_t MainPicture() const;
};

}  // namespace graphiqa
