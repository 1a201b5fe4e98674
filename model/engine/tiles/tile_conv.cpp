// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "tile_conv.h"

#include <c10/util/BFloat16.h>

#include "tile_conv_order.h"

namespace graphiqa {
namespace {

/// Where a weight lies within its panel.
/// @param input  position in the run under a row of the kernel
int64_t PlaceInPanel(const TileConv& conv, int tiles, int row, int input,
                     int column) {
  const int step = row * conv.StepsPerRow() + input / kTileInputs;
  const int pair = input % kTileInputs / 2;
  const int64_t tile =
      static_cast<int64_t>(step) * tiles + column / kTileColumns;
  return tile * kTileWeights + pair * 2 * kTileColumns +
         2 * (column % kTileColumns) + input % 2;
}

}  // namespace

int TileConv::Tiles() const {
  if (!Flat()) return out.height * TilesPerRow();
  const int pixels = (out.height - 1) * in.RowPixels() + out.width;
  return (pixels + kTileRows - 1) / kTileRows;
}

int64_t TileConv::Overrun() const {
  return static_cast<int64_t>(kTileRows) * window.stride_x * in.channels +
         kTileInputs;
}

void PackWeight(const float* weight, int in_channels, TileConv* conv) {
  const int columns = conv->out.channels;
  const Window& w = conv->window;
  conv->weight.assign(static_cast<size_t>(PanelStart(*conv, conv->Panels())),
                      0);
  for (int o = 0; o < columns; ++o) {
    const int panel = o / kPanelColumns;
    Bits16* const to = conv->weight.data() + PanelStart(*conv, panel);
    const int tiles = PanelTiles(*conv, panel);
    for (int i = 0; i < in_channels; ++i) {
      for (int y = 0; y < w.height; ++y) {
        for (int x = 0; x < w.width; ++x) {
          to[PlaceInPanel(*conv, tiles, y, x * in_channels + i,
                          o % kPanelColumns)] =
              c10::detail::round_to_nearest_even(*weight++);
        }
      }
    }
  }
}

int ConvTasks(const TileConv& conv, int pictures) {
  if (PanelsOuter(conv, pictures)) return conv.Panels();
  return pictures * TileBlocks(conv);
}

}  // namespace graphiqa
