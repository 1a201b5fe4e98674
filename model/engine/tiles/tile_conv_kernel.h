// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// The convolution over whatever multiplies tiles and finishes rows: AMX, or
/// plain loops in tests. `Unit` has
///
///   Load<T>(values, row_bytes), Zero<T>(), Multiply<C, A, B>(),
///   Store<T>(sums, row_bytes)  registers by number, 16 rows of 64 bytes
///   Fetch(values)  into the cache, a line
///   Finish(sums, conv, run)
#pragma once

#include <algorithm>

#include "tile_conv_order.h"

namespace graphiqa {

/// Pixels of the result that lie side by side, and the channels of a panel.
struct TileRun {
  int pixels;
  int channel, channels;          ///< the first, and how many
  Bits16* out;                    ///< of the first pixel and channel
  const Bits16* other = nullptr;  ///< the same of what is added, or null
};

template <typename Unit>
class TileConvKernel {
 public:
  TileConvKernel(const TileConv& conv, const TileData& data)
      : conv_(conv), data_(data) {}

  void Run(int first_task, int end_task) {
    if (PanelsOuter(conv_, data_.pictures)) {
      const int group = GroupPictures(conv_, data_.pictures);
      for (int n = 0; n < data_.pictures; n += group) {
        RunPanels(first_task, end_task, n, std::min(n + group, data_.pictures));
      }
      return;
    }
    const int blocks = TileBlocks(conv_);
    const int panels = conv_.Panels();
    for (int task = first_task; task < end_task; ++task) {
      for (int panel = 0; panel < panels; ++panel) {
        Block(task / blocks, task % blocks, panel);
      }
    }
  }

 private:
  static constexpr int kSumBytes = kPanelColumns * sizeof(float);

  void RunPanels(int first_panel, int end_panel, int first_picture,
                 int end_picture) {
    const int blocks = TileBlocks(conv_);
    for (int panel = first_panel; panel < end_panel; ++panel) {
      FetchFrom(panel + 1, end_picture - first_picture);
      for (int n = first_picture; n < end_picture; ++n) {
        for (int block = 0; block < blocks; ++block) Block(n, block, panel);
      }
    }
  }

  /// While a panel is used for all pixels the next one is brought near, a few
  /// lines at each step.
  void FetchFrom(int panel, int pictures) {
    if (panel >= conv_.Panels()) {
      fetches_ = 0;
      return;
    }
    const int64_t size =
        PanelStart(conv_, panel + 1) - PanelStart(conv_, panel);
    const int64_t steps =
        static_cast<int64_t>(conv_.Steps()) * TileBlocks(conv_) * pictures;
    fetches_ = static_cast<int>((size / kLineValues + steps - 1) / steps);
    ahead_ = conv_.weight.data() + PanelStart(conv_, panel);
  }

  void Block(int picture, int block, int panel) {
    const int tile = block * kBlockTiles;
    const bool two_rows = tile + 1 < conv_.Tiles();
    if (PanelTiles(conv_, panel) == 2) {
      two_rows ? Compute<2, 2>(picture, tile, panel)
               : Compute<1, 2>(picture, tile, panel);
    } else {
      two_rows ? Compute<2, 1>(picture, tile, panel)
               : Compute<1, 1>(picture, tile, panel);
    }
  }

  /// Registers 0 to 3 sum, 4 and 5 hold pixels, 6 and 7 weights.
  template <int Rows, int Columns>
  void Compute(int picture, int tile, int panel) {
    TilePlace places[Rows];
    const Bits16* in[Rows];
    for (int r = 0; r < Rows; ++r) {
      places[r] = PlaceOf(conv_, tile + r);
      in[r] = data_.in + picture * conv_.in.Values() +
              InputOffset(conv_, places[r]);
    }
    Unit::template Zero<0>();
    if constexpr (Columns > 1) Unit::template Zero<1>();
    if constexpr (Rows > 1) Unit::template Zero<2>();
    if constexpr (Rows > 1 && Columns > 1) Unit::template Zero<3>();
    Multiply<Rows, Columns>(in, panel);
    alignas(64) float sums[Rows * kTileRows][kPanelColumns];
    Unit::template Store<0>(sums[0], kSumBytes);
    if constexpr (Columns > 1) {
      Unit::template Store<1>(sums[0] + kTileColumns, kSumBytes);
    }
    if constexpr (Rows > 1) Unit::template Store<2>(sums[kTileRows], kSumBytes);
    if constexpr (Rows > 1 && Columns > 1) {
      Unit::template Store<3>(sums[kTileRows] + kTileColumns, kSumBytes);
    }
    for (int r = 0; r < Rows; ++r) {
      Finish(sums + r * kTileRows, picture, places[r], panel);
    }
  }

  template <int Rows, int Columns>
  void Multiply(const Bits16* const* in, int panel) {
    constexpr int kWeightBytes = 2 * kTileColumns * sizeof(Bits16);
    const int64_t pixel_bytes = static_cast<int64_t>(sizeof(Bits16)) *
                                conv_.window.stride_x * conv_.in.channels;
    const Bits16* weight = conv_.weight.data() + PanelStart(conv_, panel);
    const int steps = conv_.StepsPerRow();
    const int fetches = fetches_;
    const Bits16* ahead = ahead_;
    for (int y = 0; y < conv_.window.height; ++y) {
      const int64_t row = y * conv_.in.RowValues();
      for (int step = 0; step < steps; ++step) {
        const int64_t at = row + step * kTileInputs;
        for (int i = 0; i < fetches; ++i) Unit::Fetch(ahead + i * kLineValues);
        ahead += fetches * kLineValues;
        Unit::template Load<6>(weight, kWeightBytes);
        if constexpr (Columns > 1) {
          Unit::template Load<7>(weight + kTileWeights, kWeightBytes);
        }
        weight += Columns * kTileWeights;
        Unit::template Load<4>(in[0] + at, pixel_bytes);
        Unit::template Multiply<0, 4, 6>();
        if constexpr (Columns > 1) Unit::template Multiply<1, 4, 7>();
        if constexpr (Rows > 1) {
          Unit::template Load<5>(in[1] + at, pixel_bytes);
          Unit::template Multiply<2, 5, 6>();
          if constexpr (Columns > 1) Unit::template Multiply<3, 5, 7>();
        }
      }
    }
    ahead_ = ahead;
  }

  /// Writes what lies within the result's rows.
  void Finish(const float (*sums)[kPanelColumns], int picture, TilePlace place,
              int panel) {
    if (!conv_.Flat()) {
      const int pixels = std::min(kTileRows, conv_.out.width - place.x);
      FinishRun(sums, pixels, picture, place, panel);
      return;
    }
    int done = 0;
    while (done < kTileRows && place.y < conv_.out.height) {
      const int pixels =
          std::clamp(conv_.out.width - place.x, 0, kTileRows - done);
      if (pixels > 0) {
        FinishRun(sums + done, pixels, picture, place, panel);
      }
      done += conv_.in.RowPixels() - place.x;
      ++place.y;
      place.x = 0;
    }
  }

  /// Of pixels side by side in one row.
  void FinishRun(const float (*sums)[kPanelColumns], int pixels, int picture,
                 const TilePlace& place, int panel) {
    const int channel = panel * kPanelColumns;
    TileRun run;
    run.pixels = pixels;
    run.channel = channel;
    run.channels = std::min(kPanelColumns, conv_.out.channels - channel);
    run.out = data_.out + picture * conv_.out.Values() +
              conv_.out.Offset(place.y, place.x) + channel;
    if (conv_.adds) {
      run.other = data_.other + picture * conv_.other.Values() +
                  conv_.other.Offset(place.y, place.x) + channel;
    }
    Unit::Finish(sums, conv_, run);
  }

  const TileConv& conv_;
  const TileData& data_;
  const Bits16* ahead_ = nullptr;
  int fetches_ = 0;  ///< lines at each step
};

}  // namespace graphiqa
