// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Convolutions as products of 16x16 tiles: 16 pixels by 32 inputs times 32
/// inputs by 16 channels, summed in float in the tile registers of AMX over the
/// whole kernel. A tile's pixels lie at one distance from each other, so they
/// are loaded from where they are: nothing is copied together first.
#pragma once

#include <type_traits>

#include "tile_map.h"
#include "tile_memory.h"

namespace graphiqa {

/// Pixels and channels of a tile, and inputs multiplied at once.
inline constexpr int kTileRows = 16;
inline constexpr int kTileColumns = 16;
inline constexpr int kTileInputs = 32;
/// Weights of a tile.
inline constexpr int64_t kTileWeights = kTileInputs * kTileColumns;
/// What is multiplied at once in one lane of a register, of 32 bits: 2 values
/// of bfloat16, or a float.
template <typename Value>
inline constexpr int kTaken = sizeof(float) / sizeof(Value);
/// Channels that are computed side by side: a panel of weights.
inline constexpr int kPanelColumns = 2 * kTileColumns;

/// One convolution with what is done to its result: y = clamp(conv(x) + bias +
/// other). Maps and weights are of bfloat16 or, where there are no tiles, of
/// float: then a tile of weights holds half as many inputs.
struct TileConv {
  TileMap in, out;
  Window window;
  bool adds = false;
  TileMap other;               ///< of the size of `out`; only with `adds`
  float low = 0, high = 0;     ///< bounds of the result
  int taken = kTaken<Bits16>;  ///< kTaken of the values
  /// PackWeight(); one of them is empty.
  TileVector<Bits16> weight;
  TileVector<float> float_weight;
  TileVector<float> bias;  ///< [panels * kPanelColumns]

  /// Inputs and weights of a step: as many as fill a tile.
  int StepInputs() const { return kTileRows * taken; }
  int64_t StepWeights() const {
    return static_cast<int64_t>(kTileRows) * kTileColumns * taken;
  }
  /// Runs of values under a row of the kernel, in steps.
  int StepsPerRow() const {
    const int run = window.width * in.channels;
    return (run + StepInputs() - 1) / StepInputs();
  }
  int Steps() const { return window.height * StepsPerRow(); }
  int Panels() const {
    return (out.channels + kPanelColumns - 1) / kPanelColumns;
  }
  /// Rows of tiles go on over the ends of the map's rows where pixels of the
  /// result lie as far from each other as those of `in`; what is computed in
  /// between is dropped.
  bool Flat() const { return window.stride_y == 1 && window.stride_x == 1; }
  /// Tiles per row of the result, unless Flat().
  int TilesPerRow() const { return (out.width + kTileRows - 1) / kTileRows; }
  /// Rows of tiles of a picture.
  int Tiles() const;
  /// Values that may be read beyond the end of `in`; they reach no result, or
  /// with a weight of 0.
  int64_t Overrun() const;
};

/// The weights panel by panel, row of the kernel by row, step by step: for each
/// of the panel's 2 tiles (1 in the last panel if that is enough) 16 pairs of
/// inputs x 16 channels x 2; of float, 16 inputs x 16 channels. What fills up
/// is 0.
/// @param weight  [out][in][height][width]
template <typename Value>
void PackWeight(const float* weight, int in_channels, TileConv* conv);

/// Those that PackWeight() made.
template <typename Value>
auto& WeightsOf(TileConv& conv) {
  if constexpr (std::is_same_v<Value, float>) {
    return conv.float_weight;
  } else {
    return conv.weight;
  }
}
template <typename Value>
const Value* WeightsOf(const TileConv& conv) {
  return WeightsOf<Value>(const_cast<TileConv&>(conv)).data();
}

/// Pictures of one batch: one after the other.
template <typename Value>
struct MapData {
  const Value* in;
  Value* out;
  const Value* other;  ///< null unless the convolution adds
  int pictures;
};
using TileData = MapData<Bits16>;

/// Into how many parts the work of one batch can be divided.
int ConvTasks(const TileConv& conv, int pictures);

/// Computes some of the parts. Needs AMX with bfloat16 and AVX-512 with
/// bfloat16: AmxAvailable().
void RunConvAmx(const TileConv& conv, const TileData& data, int first_task,
                int end_task);

}  // namespace graphiqa
