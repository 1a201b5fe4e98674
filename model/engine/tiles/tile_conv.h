// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Convolutions as products of 16x16 tiles: 16 pixels by 32 inputs times 32
/// inputs by 16 channels, summed in float in the tile registers of AMX over the
/// whole kernel. A tile's pixels lie at one distance from each other, so they
/// are loaded from where they are: nothing is copied together first.
#pragma once

#include "tile_map.h"
#include "tile_memory.h"

namespace graphiqa {

/// Pixels and channels of a tile, and inputs multiplied at once.
inline constexpr int kTileRows = 16;
inline constexpr int kTileColumns = 16;
inline constexpr int kTileInputs = 32;
/// Weights of a tile.
inline constexpr int64_t kTileWeights = kTileInputs * kTileColumns;
/// Channels that are computed side by side: a panel of weights.
inline constexpr int kPanelColumns = 2 * kTileColumns;

/// One convolution with what is done to its result: y = clamp(conv(x) + bias +
/// other).
struct TileConv {
  TileMap in, out;
  Window window;
  bool adds = false;
  TileMap other;              ///< of the size of `out`; only with `adds`
  float low = 0, high = 0;    ///< bounds of the result
  TileVector<Bits16> weight;  ///< PackWeight()
  TileVector<float> bias;     ///< [panels * kPanelColumns]

  /// Runs of values under a row of the kernel, in steps of kTileInputs.
  int StepsPerRow() const {
    const int run = window.width * in.channels;
    return (run + kTileInputs - 1) / kTileInputs;
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
/// inputs x 16 channels x 2. What fills up is 0.
/// @param weight  [out][in][height][width]
void PackWeight(const float* weight, int in_channels, TileConv* conv);

/// Pictures of one batch: one after the other.
struct TileData {
  const Bits16* in;
  Bits16* out;
  const Bits16* other;  ///< null unless the convolution adds
  int pictures;
};

/// Into how many parts the work of one batch can be divided.
int ConvTasks(const TileConv& conv, int pictures);

/// Computes some of the parts. Needs AMX with bfloat16 and AVX-512 with
/// bfloat16: AmxAvailable().
void RunConvAmx(const TileConv& conv, const TileData& data, int first_task,
                int end_task);

}  // namespace graphiqa
