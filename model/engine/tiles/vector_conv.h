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

/// Pixels of the result that are computed at once: they lie side by side in
/// all maps.
template <typename Value>
struct VectorRun {
  const Value* in;     ///< where the kernel's first row meets the first pixel
  const Value* other;  ///< null unless the convolution adds
  Value* out;
  int pixels;
};

/// A picture's pixels as rows that can be walked through without a gap: where
/// kernels meet one pixel each and no map has a border, all are one row.
struct VectorRows {
  explicit VectorRows(const TileConv& conv) {
    const Window& w = conv.window;
    const bool gaps = conv.in.left + conv.in.right + conv.out.left +
                          conv.out.right + conv.other.left + conv.other.right >
                      0;
    const bool one = w.height == 1 && w.width == 1 && conv.Flat() && !gaps;
    rows = one ? 1 : conv.out.height;
    width = one ? conv.out.height * conv.out.width : conv.out.width;
    runs = (width + kMostRunPixels - 1) / kMostRunPixels;
  }

  int rows, width;
  int runs;  ///< per row, as equal as can be
};

/// Pieces of a batch's work for each panel.
inline int VectorRuns(const TileConv& conv, int pictures) {
  const VectorRows rows(conv);
  return pictures * rows.rows * rows.runs;
}

template <typename Value>
VectorRun<Value> VectorRunOf(const TileConv& conv, const MapData<Value>& data,
                             const VectorRows& rows, int index) {
  const int row = index / rows.runs, run = index % rows.runs;
  const int picture = row / rows.rows, y = row % rows.rows;
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
  return found;
}

/// Into how many parts the work of one batch can be divided.
inline int VectorTasks(const TileConv& conv, int pictures) {
  return PanelsOuter(conv, pictures) ? conv.Panels()
                                     : VectorRuns(conv, pictures);
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
  const int per_picture = rows.rows * rows.runs;
  const int group = GroupPictures(conv, data.pictures);
  for (int n = 0; n < data.pictures; n += group) {
    const int end = std::min(n + group, data.pictures) * per_picture;
    for (int panel = first_task; panel < end_task; ++panel) {
      for (int i = n * per_picture; i < end; ++i) {
        compute(VectorRunOf(conv, data, rows, i), panel);
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
