// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Convolutions where a CPU has no tiles: a few pixels side by side by 32
/// channels, summed in vector registers over the whole kernel, over the weights
/// and maps of TileConv. Multiplied are pairs of bfloat16 (AVX512-BF16) or
/// floats (AVX-512).
#pragma once

#include <algorithm>

#include "tile_conv_order.h"

namespace graphiqa {

/// Pixels whose sums for a panel fit the registers beside its weights.
inline constexpr int kMostRunPixels = 14;
/// As many lines of the nearest cache share their place there when they lie
/// this far from each other, less some for weights.
inline constexpr int kSetPixels = 10;
inline constexpr int kSetBytes = 4096;

/// Pixels of the result that are computed at once: in one row or in two, side
/// by side in all maps.
template <typename Value>
struct VectorRun {
  const Value* in;     ///< where the kernel's first row meets the first pixel
  const Value* other;  ///< null unless the convolution adds
  Value* out;
  int pixels;  ///< of a row
  int rows;    ///< 1 or 2
  /// Weights that are wanted next, and how many lines of them are fetched at
  /// each step of the kernel.
  const Value* ahead = nullptr;
  int fetches = 0;
};

/// How a picture's pixels are divided into runs.
struct VectorRows {
  explicit VectorRows(const TileConv& conv) {
    const Window& w = conv.window;
    const bool gaps = conv.in.left + conv.in.right + conv.out.left +
                          conv.out.right + conv.other.left + conv.other.right >
                      0;
    // Kernels meet one pixel each and no map has a border: one row.
    const bool one = w.height == 1 && w.width == 1 && conv.Flat() && !gaps;
    rows = one ? 1 : conv.out.height;
    width = one ? conv.out.height * conv.out.width : conv.out.width;
    const int64_t distance_bytes = static_cast<int64_t>(sizeof(float)) *
                                   w.stride_x * conv.in.channels / conv.taken;
    const int most =
        distance_bytes % kSetBytes == 0 ? kSetPixels : kMostRunPixels;
    runs = (width + most - 1) / most;
    at_once = rows > 1 && 2 * width <= most ? 2 : 1;
  }

  /// Of a picture.
  int Count() const { return (rows + at_once - 1) / at_once * runs; }

  int rows, width;
  int runs;     ///< side by side, as equal as can be
  int at_once;  ///< rows of a run, but for the last
};

/// Pieces of a batch's work for each panel.
inline int VectorRuns(const TileConv& conv, int pictures) {
  return pictures * VectorRows(conv).Count();
}

template <typename Value>
VectorRun<Value> VectorRunOf(const TileConv& conv, const MapData<Value>& data,
                             const VectorRows& rows, int index) {
  const int row = index / rows.runs, run = index % rows.runs;
  const int per_picture = rows.Count() / rows.runs;
  const int picture = row / per_picture;
  const int y = row % per_picture * rows.at_once;
  const int first = run * rows.width / rows.runs;
  const int end = (run + 1) * rows.width / rows.runs;
  VectorRun<Value> found;
  found.in =
      data.in + picture * conv.in.Values() + InputOffset(conv, {y, first});
  found.other = conv.adds ? data.other + picture * conv.other.Values() +
                                conv.other.Offset(y, first)
                          : nullptr;
  found.out =
      data.out + picture * conv.out.Values() + conv.out.Offset(y, first);
  found.pixels = end - first;
  found.rows = std::min(rows.at_once, rows.rows - y);
  return found;
}

/// Into how many parts the work of one batch can be divided.
inline int VectorTasks(const TileConv& conv, int pictures) {
  return PanelsOuter(conv, pictures) ? conv.Panels()
                                     : VectorRuns(conv, pictures);
}

/// Lines of the next panel for each step while one is used `runs` times.
inline int FetchesPerStep(const TileConv& conv, int panel, int runs) {
  if (panel + 1 >= conv.Panels()) return 0;
  const int64_t values =
      PanelStart(conv, panel + 2) - PanelStart(conv, panel + 1);
  const int64_t line = kLineValues / 2 * conv.taken;
  const int64_t steps = static_cast<int64_t>(conv.Steps()) * runs;
  return static_cast<int>((values / line + steps - 1) / steps);
}

/// Calls compute(run, panel) for some of the parts: panel by panel, each for a
/// group of pictures that stays near, or run by run.
template <typename Value, typename Compute>
void ForVectorRuns(const TileConv& conv, const MapData<Value>& data,
                   int first_task, int end_task, const Compute& compute) {
  const VectorRows rows(conv);
  if (!PanelsOuter(conv, data.pictures)) {
    for (int task = first_task; task < end_task; ++task) {
      const auto run = VectorRunOf(conv, data, rows, task);
      for (int panel = 0; panel < conv.Panels(); ++panel) compute(run, panel);
    }
    return;
  }
  const int group = GroupPictures(conv, data.pictures);
  for (int n = 0; n < data.pictures; n += group) {
    const int first = n * rows.Count();
    const int end = std::min(n + group, data.pictures) * rows.Count();
    for (int panel = first_task; panel < end_task; ++panel) {
      const int fetches = FetchesPerStep(conv, panel, end - first);
      const Value* const ahead =
          WeightsOf<Value>(conv) + PanelStart(conv, panel + 1);
      const int64_t per_run = static_cast<int64_t>(fetches) * conv.Steps() *
                              kLineValues / 2 * conv.taken;
      for (int i = first; i < end; ++i) {
        auto run = VectorRunOf(conv, data, rows, i);
        run.fetches = fetches;
        run.ahead = ahead + (i - first) * per_run;
        compute(run, panel);
      }
    }
  }
}

/// Computes some of the parts. Needs VectorsAvailable(), for values of bfloat16
/// Bf16VectorsAvailable().
template <typename Value>
void RunConvVectors(const TileConv& conv, const MapData<Value>& data,
                    int first_task, int end_task);

}  // namespace graphiqa
