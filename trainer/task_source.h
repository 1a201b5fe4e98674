// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "dataset.h"
#include "loader.h"

namespace graphiqa {

/// A picture with a known distortion.
struct LabelledItem {
  Item item;
  int type = -1;     ///< row of the type head: KADID number - 1, or the none
                     ///< class
  double level = 0;  ///< 1-5, 0 = undistorted
  double ratio = 1;  ///< KadidRatio()
};

/// Distorted pictures by type: photographs distorted on the fly (data set
/// `online`), or what a data set already holds (`kadid-P`, `kadis-P`).
class TaskSource {
 public:
  /// @param dataset   photographs, none of them distorted; or pictures of known
  ///   distortion and level
  /// @param pictures  by sample
  /// @param indices   chosen samples
  /// @param types     rows of the type head: 25, or 26 with a none class last;
  ///   with 25 the undistorted pictures of a stored set are left out
  /// @throws Error(kFormat) when a sample's distortion is not known
  TaskSource(const Dataset& dataset, PictureCache* pictures,
             std::vector<size_t> indices, int64_t types);

  bool online() const { return online_; }

  /// Rows of the type head that can be drawn.
  const std::vector<int>& types() const { return types_; }

  /// `count` pictures of one type at random levels, of different originals as
  /// far as there are so many. Pure function.
  std::vector<LabelledItem> Draw(int type, size_t count, uint64_t key) const;

  /// Online only: one photograph as it is, then `versions` distorted copies of
  /// it, types and levels at random; all cut at the same places.
  std::vector<LabelledItem> Family(size_t photo, size_t versions,
                                   uint64_t key) const;

  /// Online only: the photographs.
  const std::vector<size_t>& photos() const { return indices_; }

  /// A chosen photograph at a type (0 = none, else the KADID number) and level.
  LabelledItem Distorted(size_t photo, int type, int level, uint64_t key) const;

 private:
  LabelledItem Stored(size_t index) const;

  const Dataset& dataset_;
  PictureCache* pictures_;
  std::vector<size_t> indices_;
  int none_;  ///< row of the none class, -1 = there is none
  bool online_ = false;
  std::vector<int> types_;
  std::vector<std::vector<size_t>> by_type_;  ///< stored sets only
};

}  // namespace graphiqa
