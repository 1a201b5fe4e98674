// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/video/video.h>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "area_filter.h"
#include "rgb_rows.h"
#include "scorer.h"

namespace graphiqa {

/// Cuts views out of YUV video as packed 8-bit RGB, whole views scaled on the
/// way: chroma interpolated linearly, antialiased scaling, colour matrix, then
/// rounded once. All before the rounding is linear, so it is one filter down
/// and one across for each component, which reads the samples where they lie.
/// Not thread-safe.
class YuvCutter {
 public:
  /// @param info  its colorimetry known
  /// @returns nothing where it is no YUV of whole bytes per sample, its chroma
  ///   more than halved, or its matrix none that GStreamer knows
  static std::optional<YuvCutter> For(const GstVideoInfo& info);

  /// @param picture       what the view lies in, mapped
  /// @param width,height  of what comes out: the view's own, or what it is
  ///   scaled to
  /// @param rgb           [height][width][3]
  void Cut(const GstVideoFrame& picture, const View& view, int width,
           int height, uint8_t* rgb);

 private:
  /// How a component of this view is read.
  struct Component {
    guint plane;
    int step;    ///< values from one sample to the next
    int offset;  ///< of the first sample, values
    AxisTaps across;
    AxisTaps down;

    int BeginValue() const { return across.begin * step + offset; }
    int EndValue() const { return (across.end - 1) * step + offset + 1; }
  };
  using Components = std::array<Component, 3>;

  explicit YuvCutter(const GstVideoInfo& info) : info_(info) {}
  bool MakeMatrix();
  Components ComponentsOf(const GstVideoFrame& picture, const View& view,
                          int width, int height) const;
  const Components& Known(const GstVideoFrame& picture, const View& view,
                          int width, int height);
  /// Of all components of a plane.
  void FilterDown(const GstVideoFrame& picture, const Components& components,
                  guint plane, int first);
  void CutRows(const GstVideoFrame& picture, const Components& components,
               int first);

  GstVideoInfo info_;
  int value_bytes_ = 1;
  RgbMatrix matrix_{};
  std::map<std::array<int, 8>, Components> known_;
  // Reused from view to view.
  AreaFilter filter_;
  ComponentRows components_;
};

}  // namespace graphiqa
