// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What the overlay draws: the panel in a corner and the heat map.
#pragma once

#include <vector>

#include "gstgraphiqaoverlaycanvas.h"
#include "gstgraphiqaoverlayhistory.h"
#include "gstgraphiqaoverlayreadout.h"

namespace graphiqa {

enum class OverlayPosition { kTopLeft, kTopRight, kBottomLeft, kBottomRight };

/// The picture that is drawn for. Drawing is in square pixels as high as the
/// picture's; `x_scale` of the picture's pixels are as wide as one of those.
struct OverlayPicture {
  int width_px = 0;
  int height_px = 0;
  double x_scale = 1;
  double size = 1;  ///< factor on the panel's size

  double width() const { return width_px / x_scale; }
  double height() const { return height_px; }

  /// The height of the panel's text.
  double Em() const;
};

/// A part of the picture, in its pixels.
struct PixelBox {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;

  bool operator==(const PixelBox& other) const;
};

PixelBox BoxOf(GstVideoOverlayRectangle* rectangle);

struct PanelContent {
  Readout readout;
  bool verdict = false;  ///< has rows for distortion and level
  const ScoreHistory* history = nullptr;
  uint64_t column = 0;  ///< of the history, at the right end of the curve
};

/// The panel. In a picture too small for text: a bar as long as the score.
RectanglePtr DrawPanel(const PanelContent& content,
                       const OverlayPicture& picture, OverlayPosition position);

/// A heat map as a grid of dots, the worse the larger: the picture between them
/// stays to be looked at, and only the lines that they touch are blended.
/// @param spared  no dot touches it
/// @returns nothing where there are no areas, or the picture is too small for a
///          grid
std::vector<RectanglePtr> DrawHeatMap(const std::vector<HeatArea>& areas,
                                      const OverlayPicture& picture,
                                      const PixelBox& spared);

}  // namespace graphiqa
