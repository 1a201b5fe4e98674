// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "error.h"

namespace graphiqa {

/// How the pixels of a view become the network's input.
enum class ViewKind {
  kNative,  ///< a crop at the picture's own resolution, mirrored if too small
  kWhole,   ///< a window of the whole picture, scaled (antialiased) to size
};

/// One square (or, at the borders of a small picture, smaller) source area
/// that the network looks at. Pixels, relative to the picture's top left.
struct View {
  ViewKind kind = ViewKind::kNative;
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

/// A whole-picture scale: the shorter side is scaled to `scale` times the view
/// size and `count` windows of the view size are spread along the longer side.
struct WholeViews {
  double scale = 1.0;  ///< [1, 8]
  int count = 1;       ///< [1, 64]
};

/// The views of one picture as the model file states them.
struct ViewPlan {
  int view_size_px = 224;         ///< side of the network's input, [32, 1024]
  int native = 1;                 ///< crops at native resolution, [0, 256]
  std::vector<WholeViews> whole;  ///< scaled views, none by default
};

/// Lists the source areas for a picture of `width` x `height` pixels.
///
/// Whole views come first, then native crops. Native crops lie on a stratified
/// grid: frame 0 (and every still picture) uses the centres of its cells, any
/// other frame number an offset inside each cell that depends on nothing else.
///
/// @param width,height  picture size in pixels, >= 1
/// @param frame_number  number of the frame in its stream
/// @param crops         total number of views, 0 = the plan's own number; a
///                      smaller number drops native crops first, a larger one
///                      adds native crops
/// @throws Error(kUsage) on sizes or numbers out of range
GRAPHIQA_API std::vector<View> PlanViews(const ViewPlan& plan, int width,
                                         int height, uint64_t frame_number,
                                         int crops);

}  // namespace graphiqa
