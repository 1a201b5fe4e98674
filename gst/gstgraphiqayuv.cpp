// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqayuv.h"

#include <algorithm>

namespace graphiqa {
namespace {

/// Places of views that are kept; each takes some 10 kB.
constexpr size_t kMostKnown = 16;

/// Of a component's first sample, values. GStreamer has bytes there, but of V
/// in P010 one value.
int OffsetOf(const GstVideoFormatInfo* format, guint component,
             int value_bytes) {
  const int offset = GST_VIDEO_FORMAT_INFO_POFFSET(format, component);
  return offset % value_bytes == 0 ? offset / value_bytes : offset;
}

bool IsHostEndian(const GstVideoFormatInfo* format) {
  return GST_VIDEO_FORMAT_INFO_IS_LE(format) ==
         (G_BYTE_ORDER == G_LITTLE_ENDIAN);
}

}  // namespace

std::optional<YuvCutter> YuvCutter::For(const GstVideoInfo& info) {
  const GstVideoFormatInfo* const format = info.finfo;
  if (!GST_VIDEO_FORMAT_INFO_IS_YUV(format) ||
      GST_VIDEO_FORMAT_INFO_N_COMPONENTS(format) != 3 ||
      GST_VIDEO_FORMAT_INFO_IS_COMPLEX(format) ||
      GST_VIDEO_FORMAT_INFO_IS_TILED(format)) {
    return std::nullopt;
  }
  YuvCutter cutter(info);
  cutter.value_bytes_ = GST_VIDEO_FORMAT_INFO_DEPTH(format, 0) > 8 ? 2 : 1;
  if (cutter.value_bytes_ == 2 && !IsHostEndian(format)) return std::nullopt;
  for (guint c = 0; c < 3; ++c) {
    if (GST_VIDEO_FORMAT_INFO_W_SUB(format, c) > 1 ||
        GST_VIDEO_FORMAT_INFO_H_SUB(format, c) > 1 ||
        GST_VIDEO_FORMAT_INFO_PSTRIDE(format, c) % cutter.value_bytes_ != 0) {
      return std::nullopt;
    }
  }
  if (!cutter.MakeMatrix()) return std::nullopt;
  return cutter;
}

/// ITU-T H.273, equations for MatrixCoefficients with Kr and Kb.
bool YuvCutter::MakeMatrix() {
  gdouble kr = 0;
  gdouble kb = 0;
  if (!gst_video_color_matrix_get_Kr_Kb(info_.colorimetry.matrix, &kr, &kb)) {
    return false;
  }
  const gdouble kg = 1 - kr - kb;
  const gdouble rows[3][3] = {
      {1, 0, 2 * (1 - kr)},
      {1, -2 * kb * (1 - kb) / kg, -2 * kr * (1 - kr) / kg},
      {1, 2 * (1 - kb), 0}};
  gint offsets[GST_VIDEO_MAX_COMPONENTS];
  gint scales[GST_VIDEO_MAX_COMPONENTS];
  gst_video_color_range_offsets(info_.colorimetry.range, info_.finfo, offsets,
                                scales);
  for (size_t i = 0; i < 3; ++i) {
    gdouble offset = 0;
    for (size_t c = 0; c < 3; ++c) {
      const gdouble factor = 255 * rows[i][c] / scales[c];
      offset -= factor * offsets[c];
      // Samples are read with the unused bits below them.
      matrix_[i][c] = static_cast<float>(
          factor / (1 << GST_VIDEO_FORMAT_INFO_SHIFT(info_.finfo, c)));
    }
    matrix_[i][3] = static_cast<float>(offset);
  }
  return true;
}

YuvCutter::Components YuvCutter::ComponentsOf(const GstVideoFrame& picture,
                                              const View& view, int width,
                                              int height) const {
  const GstVideoFormatInfo* const format = info_.finfo;
  const AxisTaps across =
      AreaTaps(view.x, view.width, GST_VIDEO_FRAME_WIDTH(&picture), width);
  const AxisTaps down =
      AreaTaps(view.y, view.height, GST_VIDEO_FRAME_HEIGHT(&picture), height);
  const auto of = [](const AxisTaps& luma, guint halved, bool cosited) {
    return halved != 0 ? ChromaTaps(luma, cosited, (luma.length + 1) / 2)
                       : luma;
  };
  const auto site = info_.chroma_site;
  Components components;
  for (guint c = 0; c < 3; ++c) {
    Component& one = components[c];
    one.plane = GST_VIDEO_FORMAT_INFO_PLANE(format, c);
    one.step = GST_VIDEO_FORMAT_INFO_PSTRIDE(format, c) / value_bytes_;
    one.offset = OffsetOf(format, c, value_bytes_);
    // V lies as U does.
    if (c == 2) {
      one.across = components[1].across;
      one.down = components[1].down;
      continue;
    }
    one.across = of(across, GST_VIDEO_FORMAT_INFO_W_SUB(format, c),
                    (site & GST_VIDEO_CHROMA_SITE_H_COSITED) != 0);
    one.down = of(down, GST_VIDEO_FORMAT_INFO_H_SUB(format, c),
                  (site & GST_VIDEO_CHROMA_SITE_V_COSITED) != 0);
  }
  return components;
}

void YuvCutter::FilterDown(const GstVideoFrame& picture,
                           const Components& components, guint plane,
                           int first) {
  PlaneRows rows{static_cast<const uint8_t*>(picture.data[plane]),
                 picture.info.stride[plane], value_bytes_, INT32_MAX, 0};
  const AxisTaps* down = nullptr;
  for (const Component& one : components) {
    if (one.plane != plane) continue;
    rows.begin = std::min(rows.begin, one.BeginValue());
    rows.end = std::max(rows.end, one.EndValue());
    down = &one.down;
  }
  filter_.Down(rows, *down, first);
}

/// Whole views lie in every frame where they did in the one before.
const YuvCutter::Components& YuvCutter::Known(const GstVideoFrame& picture,
                                              const View& view, int width,
                                              int height) {
  const std::array<int, 8> place{GST_VIDEO_FRAME_WIDTH(&picture),
                                 GST_VIDEO_FRAME_HEIGHT(&picture),
                                 view.x,
                                 view.y,
                                 view.width,
                                 view.height,
                                 width,
                                 height};
  const auto known = known_.find(place);
  if (known != known_.end()) return known->second;
  if (known_.size() >= kMostKnown) known_.clear();
  return known_[place] = ComponentsOf(picture, view, width, height);
}

/// Fills components_ with outputs from the row `first` on.
void YuvCutter::CutRows(const GstVideoFrame& picture,
                        const Components& components, int first) {
  const int width = components[0].across.outputs();
  const auto count = static_cast<size_t>(width) * AreaFilter::kRows;
  std::optional<guint> plane;
  for (size_t c = 0; c < 3; ++c) {
    const Component& one = components[c];
    if (plane != one.plane) FilterDown(picture, components, one.plane, first);
    plane = one.plane;
    components_[c].resize(count);
    filter_.Across(one.step, one.offset, one.across, components_[c].data());
  }
}

void YuvCutter::Cut(const GstVideoFrame& picture, const View& view, int width,
                    int height, uint8_t* rgb) {
  const Components& components = Known(picture, view, width, height);
  for (int first = 0; first < height; first += AreaFilter::kRows) {
    CutRows(picture, components, first);
    WriteRgbRows(components_, matrix_, width,
                 std::min(AreaFilter::kRows, height - first),
                 rgb + static_cast<ptrdiff_t>(first) * width * 3);
  }
}

}  // namespace graphiqa
