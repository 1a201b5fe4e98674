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
  const int step = row * conv.StepsPerRow() + input / conv.StepInputs();
  const int take = input % conv.StepInputs() / conv.taken;
  const int64_t tile =
      static_cast<int64_t>(step) * tiles + column / kTileColumns;
  return tile * conv.StepWeights() +
         conv.taken * (take * kTileColumns + column % kTileColumns) +
         input % conv.taken;
}

Bits16 Stored(float value, Bits16) {
  return c10::detail::round_to_nearest_even(value);
}
float Stored(float value, float) { return value; }

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

template <typename Value>
void PackWeight(const float* weight, int in_channels, TileConv* conv) {
  conv->taken = kTaken<Value>;
  auto& packed = WeightsOf<Value>(*conv);
  const int columns = conv->out.channels;
  const Window& w = conv->window;
  packed.assign(static_cast<size_t>(PanelStart(*conv, conv->Panels())),
                Value{0});
  for (int o = 0; o < columns; ++o) {
    const int panel = o / kPanelColumns;
    Value* const to = packed.data() + PanelStart(*conv, panel);
    const int tiles = PanelTiles(*conv, panel);
    for (int i = 0; i < in_channels; ++i) {
      for (int y = 0; y < w.height; ++y) {
        for (int x = 0; x < w.width; ++x) {
          to[PlaceInPanel(*conv, tiles, y, x * in_channels + i,
                          o % kPanelColumns)] = Stored(*weight++, Value{});
        }
      }
    }
  }
}

template void PackWeight<Bits16>(const float*, int, TileConv*);
template void PackWeight<float>(const float*, int, TileConv*);

int ConvTasks(const TileConv& conv, int pictures) {
  if (PanelsOuter(conv, pictures)) return conv.Panels();
  return pictures * TileBlocks(conv);
}

}  // namespace graphiqa
