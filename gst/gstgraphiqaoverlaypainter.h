// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/video/video.h>

#include <memory>
#include <optional>
#include <vector>

#include "gstgraphiqaoverlaypanel.h"

namespace graphiqa {

struct OverlaySettings {
  OverlayPosition position = OverlayPosition::kTopLeft;
  double size = 1;                         ///< factor, > 0
  GstClockTime history = 10 * GST_SECOND;  ///< 0 = no curve
  bool show_heatmap = true;

  bool operator==(const OverlaySettings& other) const;
};

using CompositionPtr = std::unique_ptr<GstVideoOverlayComposition, ReleaseMini>;

/// Turns the metadata of one frame after another into what is laid over them.
/// Draws only what looks otherwise than on the frame before. Not thread-safe.
class OverlayPainter {
 public:
  /// Forgets the stream.
  void Reset();

  /// @param fields  of the frame
  /// @param time    of the frame, may be unknown
  /// @returns the overlay, shared with the next frames where they look alike
  /// @throws std::runtime_error when there is no memory to draw on
  CompositionPtr Paint(const GstVideoInfo& info, const GstStructure* fields,
                       GstClockTime time, const OverlaySettings& settings);

 private:
  /// What a panel was drawn from.
  struct PanelKey {
    Readout readout;
    bool verdict;
    uint64_t column;
    uint64_t revision;

    bool operator==(const PanelKey& other) const;
  };

  void Adopt(const GstVideoInfo& info, const OverlaySettings& settings);
  void Remember(const GstStructure* fields, GstClockTime now);
  void UpdatePanel(const GstStructure* fields, GstClockTime now);
  void UpdateHeat(const GstStructure* fields);
  void Compose();

  OverlaySettings settings_;
  OverlayPicture picture_;
  ScoreHistory history_;
  GstClockTime last_result_ = GST_CLOCK_TIME_NONE;
  GstClockTime now_ = 0;  ///< of the last frame
  bool verdict_ = false;  ///< distortion or level have been told

  std::optional<PanelKey> panel_key_;
  RectanglePtr panel_;
  std::vector<HeatArea> areas_;
  PixelBox spared_;  ///< that `heat_` leaves to the panel
  std::vector<RectanglePtr> heat_;
  CompositionPtr composition_;
};

}  // namespace graphiqa
