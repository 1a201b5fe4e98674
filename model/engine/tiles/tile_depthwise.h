// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tile_map.h"
#include "tile_memory.h"

namespace graphiqa {

/// Channels that a depthwise convolution or a pooling takes side by side.
inline constexpr int kBlockChannels = 32;

/// A convolution of each channel by itself: y = clamp(conv(x) + bias).
struct TileDepthwise {
  TileMap in, out;  ///< as many channels
  Window window;
  float low = 0, high = 0;   ///< bounds of the result
  TileVector<float> weight;  ///< PackDepthwise()
  TileVector<float> bias;    ///< the same way, one value per channel

  int Blocks() const {
    return (out.channels + kBlockChannels - 1) / kBlockChannels;
  }
};

/// The largest of the values under a kernel. They must not be negative, so that
/// the border's zeros change nothing.
struct TileMaximum {
  TileMap in, out;  ///< as many channels
  Window window;
};

/// Per block of channels and place in the kernel the even channels, then the
/// odd ones: pairs of bfloat16 values are taken apart so. For maps of float in
/// their order.
/// @param weight  [channels][height][width]
/// @param bias    [channels]
template <typename Value>
void PackDepthwise(const float* weight, const float* bias,
                   TileDepthwise* depthwise);

/// Parts of a result: some rows of one picture each.
int RowTasks(const TileMap& out, int pictures);

/// Compute some of the parts. They need VectorsAvailable(), for values of
/// bfloat16 Bf16VectorsAvailable().
template <typename Value>
void RunDepthwiseAvx512(const TileDepthwise& depthwise, const Value* in,
                        Value* out, int first_task, int end_task);
template <typename Value>
void RunMaximumAvx512(const TileMaximum& maximum, const Value* in, Value* out,
                      int first_task, int end_task);

}  // namespace graphiqa
