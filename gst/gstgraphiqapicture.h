// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>

#include "gstgraphiqaframe.h"
#include "picture_state.h"

namespace graphiqa {

/// Tells the state of one frame after another. Black goes before flat, flat
/// before frozen: the more a state explains, the earlier it is named.
///
/// Black has the thresholds of FFmpeg's blackdetect. Samples lie on a grid of
/// at most 160 x 90 points, so that a change smaller than a cell (12 x 12
/// pixels of 1080p) may pass unseen.
class PictureWatch {
 public:
  /// @param time  stream time of the frame; GST_CLOCK_TIME_NONE counts it as
  ///              1/25 s after the frame before
  PictureState Update(LumaSamples samples, GstClockTime time);

  /// Forgets the frame before.
  void Reset();

 private:
  /// How long the picture has stood still at the end of this frame.
  GstClockTime StillFor(const std::vector<uint16_t>& values, GstClockTime time);

  std::vector<uint16_t> last_;
  GstClockTime last_time_ = GST_CLOCK_TIME_NONE;
  GstClockTime still_for_ = 0;
};

}  // namespace graphiqa
