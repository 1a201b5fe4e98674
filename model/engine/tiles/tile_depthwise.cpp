// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "tile_depthwise.h"

#include <type_traits>

#include "tile_rows.h"

namespace graphiqa {
namespace {

/// Within a block: of bfloat16, even channels in the first half, odd ones in
/// the second.
template <typename Value>
int PlaceInBlock(int channel) {
  const int within = channel % kBlockChannels;
  if (std::is_same_v<Value, float>) return within;
  return within / 2 + within % 2 * (kBlockChannels / 2);
}

}  // namespace

template <typename Value>
void PackDepthwise(const float* weight, const float* bias,
                   TileDepthwise* depthwise) {
  const int taps = depthwise->window.height * depthwise->window.width;
  const auto blocks = static_cast<size_t>(depthwise->Blocks());
  depthwise->bias.assign(blocks * kBlockChannels, 0);
  depthwise->weight.assign(depthwise->bias.size() * static_cast<size_t>(taps),
                           0);
  for (int c = 0; c < depthwise->out.channels; ++c) {
    const int block = c / kBlockChannels;
    const int place = PlaceInBlock<Value>(c);
    depthwise->bias[static_cast<size_t>(block * kBlockChannels + place)] =
        bias[c];
    for (int t = 0; t < taps; ++t) {
      const int at = (block * taps + t) * kBlockChannels + place;
      depthwise->weight[static_cast<size_t>(at)] = weight[c * taps + t];
    }
  }
}

template void PackDepthwise<Bits16>(const float*, const float*, TileDepthwise*);
template void PackDepthwise<float>(const float*, const float*, TileDepthwise*);

int RowTasks(const TileMap& out, int pictures) {
  return pictures * Strips(out);
}

}  // namespace graphiqa
