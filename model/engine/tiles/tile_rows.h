// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "tile_map.h"

namespace graphiqa {

/// Rows that are computed one after the other for a block of channels, so that
/// those of the input that they share are still in the nearest cache.
inline constexpr int kStripRows = 8;

inline int Strips(const TileMap& out) {
  return (out.height + kStripRows - 1) / kStripRows;
}

/// Some rows of one picture.
struct Strip {
  int picture, first, end;
};

inline Strip StripOf(const TileMap& out, int task) {
  const int first = task % Strips(out) * kStripRows;
  return {task / Strips(out), first, std::min(first + kStripRows, out.height)};
}

}  // namespace graphiqa
