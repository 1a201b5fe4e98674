// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqaframe.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace graphiqa {
namespace {

/// More sizes of areas than any stream of one format needs.
constexpr size_t kMaxConverters = 64;

bool IsInterlaced(const GstVideoFrame& frame) {
  return GST_VIDEO_FRAME_IS_INTERLACED(&frame);
}

/// Every second line, starting with the first: the top field.
GstVideoFrame EvenLines(const GstVideoFrame& frame) {
  GstVideoFrame field = frame;
  GST_VIDEO_INFO_HEIGHT(&field.info) = (GST_VIDEO_FRAME_HEIGHT(&frame) + 1) / 2;
  GST_VIDEO_INFO_INTERLACE_MODE(&field.info) =
      GST_VIDEO_INTERLACE_MODE_PROGRESSIVE;
  for (guint plane = 0; plane < GST_VIDEO_FRAME_N_PLANES(&frame); ++plane) {
    field.info.stride[plane] *= 2;
  }
  return field;
}

/// Packed pixels without padding.
GstVideoInfo PackedRgb(int width, int height) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_RGB,
                            static_cast<guint>(width),
                            static_cast<guint>(height));
  info.stride[0] = width * 3;
  info.size = static_cast<gsize>(info.stride[0]) * static_cast<gsize>(height);
  return info;
}

/// Colorimetry of the frames; what the caps leave open, or the matrix of RGB,
/// is what GStreamer assumes for this format and size.
GstVideoColorimetry KnownColorimetry(const GstVideoInfo& info) {
  GstVideoInfo assumed;
  gst_video_info_set_format(&assumed, GST_VIDEO_INFO_FORMAT(&info),
                            static_cast<guint>(info.width),
                            static_cast<guint>(info.height));
  GstVideoColorimetry result = info.colorimetry;
  if (result.matrix == GST_VIDEO_COLOR_MATRIX_UNKNOWN ||
      result.matrix == GST_VIDEO_COLOR_MATRIX_RGB) {
    result.matrix = assumed.colorimetry.matrix;
  }
  if (result.range == GST_VIDEO_COLOR_RANGE_UNKNOWN) {
    result.range = assumed.colorimetry.range;
  }
  return result;
}

/// Where one component's samples lie.
struct Component {
  const uint8_t* base;
  int stride;
  int step;
  int bytes;  ///< 1, or 2 in little endian
  int shift;  ///< unused low bits

  Component(const GstVideoFrame& frame, guint index)
      : base(static_cast<const uint8_t*>(
            GST_VIDEO_FRAME_COMP_DATA(&frame, index))),
        stride(GST_VIDEO_FRAME_COMP_STRIDE(&frame, index)),
        step(GST_VIDEO_FRAME_COMP_PSTRIDE(&frame, index)),
        bytes(GST_VIDEO_FRAME_COMP_DEPTH(&frame, index) > 8 ? 2 : 1),
        shift(static_cast<int>(
            GST_VIDEO_FORMAT_INFO_SHIFT(frame.info.finfo, index))) {}

  int At(int x, int y) const {
    const uint8_t* at = base + static_cast<ptrdiff_t>(y) * stride +
                        static_cast<ptrdiff_t>(x) * step;
    return bytes == 1 ? *at : (at[0] | at[1] << 8) >> shift;
  }
};

/// Nominal black and white of the luma (or RGB) samples.
void SetNominalRange(const GstVideoInfo& info, LumaSamples* samples) {
  const bool rgb = GST_VIDEO_FORMAT_INFO_IS_RGB(info.finfo);
  const double unit = rgb ? 256.0 : 1 << (info.finfo->depth[0] - 8);
  const bool limited =
      KnownColorimetry(info).range == GST_VIDEO_COLOR_RANGE_16_235;
  samples->black = limited ? 16 * unit : 0;
  samples->white = limited ? 235 * unit : 255 * unit;
}

}  // namespace

MappedPicture::MappedPicture(const GstVideoInfo& info, GstBuffer* buffer) {
  if (!gst_video_frame_map(&mapped_, &info, buffer, GST_MAP_READ)) {
    throw Error(ErrorCode::kFile,
                "a buffer of " + std::to_string(gst_buffer_get_size(buffer)) +
                    " bytes cannot be read as " +
                    gst_video_format_to_string(GST_VIDEO_INFO_FORMAT(&info)) +
                    " video of " + std::to_string(info.width) + "x" +
                    std::to_string(info.height));
  }
  picture_ = IsInterlaced(mapped_) ? EvenLines(mapped_) : mapped_;
}

MappedPicture::~MappedPicture() { gst_video_frame_unmap(&mapped_); }

GstVideoFrame MappedPicture::Window(int x, int y, int width, int height) const {
  const GstVideoFormatInfo* format = picture_.info.finfo;
  GstVideoFrame window = picture_;
  GST_VIDEO_INFO_WIDTH(&window.info) = width;
  GST_VIDEO_INFO_HEIGHT(&window.info) = height;
  for (guint i = 0; i < GST_VIDEO_FORMAT_INFO_N_COMPONENTS(format); ++i) {
    const guint plane = GST_VIDEO_FORMAT_INFO_PLANE(format, i);
    const ptrdiff_t row = y >> GST_VIDEO_FORMAT_INFO_H_SUB(format, i);
    const ptrdiff_t column = x >> GST_VIDEO_FORMAT_INFO_W_SUB(format, i);
    window.data[plane] = static_cast<uint8_t*>(picture_.data[plane]) +
                         row * picture_.info.stride[plane] +
                         column * GST_VIDEO_FORMAT_INFO_PSTRIDE(format, i);
  }
  return window;
}

LumaSamples SampleLuma(const MappedPicture& picture) {
  const GstVideoFrame& frame = picture.picture();
  LumaSamples samples;
  SetNominalRange(frame.info, &samples);
  const Component first(frame, 0);
  if (!GST_VIDEO_FORMAT_INFO_IS_RGB(frame.info.finfo)) {
    samples.values = SampleGrid(picture.width(), picture.height(),
                                [&](int x, int y) { return first.At(x, y); });
    return samples;
  }
  const Component green(frame, 1);
  const Component blue(frame, 2);
  samples.values =
      SampleGrid(picture.width(), picture.height(), [&](int x, int y) {
        return RgbLuma(first.At(x, y), green.At(x, y), blue.At(x, y));
      });
  return samples;
}

void ViewCutter::SetInfo(const GstVideoInfo& info) {
  info_ = info;
  converters_.clear();
  yuv_.reset();
  if (!GST_VIDEO_INFO_IS_YUV(&info)) return;
  GstVideoInfo known = info;
  known.colorimetry = KnownColorimetry(info);
  yuv_ = YuvCutter::For(known);
}

GstVideoConverter* ViewCutter::ConverterFor(int width, int height) {
  if (converters_.size() >= kMaxConverters) converters_.clear();
  auto& converter = converters_[{width, height}];
  if (converter) return converter.get();
  GstVideoInfo in;
  gst_video_info_set_format(&in, GST_VIDEO_INFO_FORMAT(&info_),
                            static_cast<guint>(width),
                            static_cast<guint>(height));
  GstVideoInfo out = PackedRgb(width, height);
  converter.reset(gst_video_converter_new(&in, &out, nullptr));
  if (converter) return converter.get();
  ThrowNoConversion();
}

void ViewCutter::ThrowNoConversion() const {
  throw Error(ErrorCode::kFormat,
              std::string("no conversion from ") +
                  gst_video_format_to_string(GST_VIDEO_INFO_FORMAT(&info_)) +
                  " to RGB");
}

void ViewCutter::Convert(const MappedPicture& picture, const View& view,
                         uint8_t* rgb) {
  const GstVideoFrame from =
      picture.Window(view.x, view.y, view.width, view.height);
  GstVideoFrame to;
  std::memset(&to, 0, sizeof to);
  to.info = PackedRgb(view.width, view.height);
  to.data[0] = rgb;
  gst_video_converter_frame(ConverterFor(view.width, view.height), &from, &to);
}

ViewPixels ViewCutter::CutOne(const MappedPicture& picture, const View& view,
                              int view_size) {
  if (GST_VIDEO_INFO_IS_YUV(&info_) && !yuv_) ThrowNoConversion();
  ViewPixels pixels;
  pixels.view = view;
  pixels.scaled = yuv_ && view.kind == ViewKind::kWhole;
  const int width = pixels.scaled ? view_size : view.width;
  const int height = pixels.scaled ? view_size : view.height;
  pixels.rgb.resize(static_cast<size_t>(width) * static_cast<size_t>(height) *
                    3);
  if (yuv_) {
    yuv_->Cut(picture.picture(), view, width, height, pixels.rgb.data());
  } else {
    Convert(picture, view, pixels.rgb.data());
  }
  return pixels;
}

std::vector<ViewPixels> ViewCutter::Cut(const MappedPicture& picture,
                                        const std::vector<View>& views,
                                        int view_size) {
  std::vector<ViewPixels> pixels;
  pixels.reserve(views.size());
  for (const View& view : views) {
    pixels.push_back(CutOne(picture, view, view_size));
  }
  return pixels;
}

}  // namespace graphiqa
