// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// In what order the tiles of a convolution are computed, and where they start.
#pragma once

#include <algorithm>

#include "tile_conv.h"

namespace graphiqa {

/// Rows of tiles that are computed side by side.
inline constexpr int kBlockTiles = 2;

inline int TileBlocks(const TileConv& conv) {
  return (conv.Tiles() + kBlockTiles - 1) / kBlockTiles;
}

/// Tiles side by side in a panel: 2, or 1 in the last if that is enough.
inline int PanelTiles(const TileConv& conv, int panel) {
  const int left = conv.out.channels - panel * kPanelColumns;
  return left > kTileColumns ? 2 : 1;
}

/// Values before a panel. All panels but the last have 2 tiles.
inline int64_t PanelStart(const TileConv& conv, int panel) {
  int64_t tiles = 2 * static_cast<int64_t>(panel);
  if (panel == conv.Panels() && PanelTiles(conv, panel - 1) == 1) --tiles;
  return tiles * conv.Steps() * conv.StepWeights();
}

/// Values that stay in a core's second cache while something else streams by.
inline int64_t NearValues(const TileConv& conv) {
  return int64_t{192} * 1024 * conv.taken;
}

/// Pictures whose pixels stay near while panel after panel is used on them.
inline int GroupPictures(const TileConv& conv, int pictures) {
  const int64_t fit = NearValues(conv) / conv.in.Values();
  return static_cast<int>(std::clamp<int64_t>(fit, 1, pictures));
}

/// Whether each panel of weights is used for a group of pictures before the
/// next is touched: the weights are larger than the pixels, or too large to
/// stay near. Else pixels pass through the cache once, and weights stay.
inline bool PanelsOuter(const TileConv& conv, int pictures) {
  const int64_t weights = PanelStart(conv, conv.Panels());
  return weights > NearValues(conv) ||
         weights > GroupPictures(conv, pictures) * conv.in.Values();
}

/// The first pixel of a row of tiles in the result, counted along the rows of
/// `in` where the convolution is Flat().
struct TilePlace {
  int y, x;
};

inline TilePlace PlaceOf(const TileConv& conv, int tile) {
  if (conv.Flat()) {
    const int pixel = tile * kTileRows;
    const int row = conv.in.RowPixels();
    return {pixel / row, pixel % row};
  }
  const int per_row = conv.TilesPerRow();
  return {tile / per_row, tile % per_row * kTileRows};
}

/// Where the kernel's first row meets that pixel.
inline int64_t InputOffset(const TileConv& conv, const TilePlace& place) {
  const Window& w = conv.window;
  return conv.in.Offset(place.y * w.stride_y - w.top,
                        place.x * w.stride_x - w.left);
}

}  // namespace graphiqa
