// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqaframe.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace graphiqa {
namespace {

/// Pixels around an area that chroma interpolation may look at.
constexpr int kChromaReach = 4;
/// Converted at a time: 16 bits per value of a whole picture would be 17 MB at
/// 1080p, for each stream.
constexpr int kStripRows = 64;
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

/// log2 of the coarsest chroma subsampling of a format.
struct Subsampling {
  int x = 0;
  int y = 0;
};

Subsampling SubsamplingOf(const GstVideoFormatInfo* format) {
  Subsampling result;
  for (guint i = 0; i < GST_VIDEO_FORMAT_INFO_N_COMPONENTS(format); ++i) {
    result.x = std::max(
        result.x, static_cast<int>(GST_VIDEO_FORMAT_INFO_W_SUB(format, i)));
    result.y = std::max(
        result.y, static_cast<int>(GST_VIDEO_FORMAT_INFO_H_SUB(format, i)));
  }
  return result;
}

/// [begin, end) on one axis of a picture.
struct Span {
  int begin = 0;
  int end = 0;
  int size() const { return end - begin; }
};

/// Widens a span so that it starts on a chroma sample and holds what its
/// border pixels are interpolated from.
Span WithChroma(int begin, int size, int length, int subsampling) {
  if (subsampling == 0) return {begin, begin + size};
  const int step = 1 << subsampling;
  const int first = std::max(begin - kChromaReach, 0) / step * step;
  const int last = (begin + size + kChromaReach + step - 1) / step * step;
  return {first, std::min(last, length)};
}

/// What frames are converted to. YUV goes through 16 bits per value, since
/// GStreamer's 8-bit matrices are up to 4 of 255 too dark.
GstVideoFormat TargetOf(const GstVideoInfo& info) {
  return GST_VIDEO_INFO_IS_YUV(&info) ? GST_VIDEO_FORMAT_ARGB64
                                      : GST_VIDEO_FORMAT_RGB;
}

/// Packed pixels without padding.
GstVideoInfo TargetInfo(GstVideoFormat format, int width, int height) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, format, static_cast<guint>(width),
                            static_cast<guint>(height));
  info.stride[0] = width * GST_VIDEO_INFO_COMP_PSTRIDE(&info, 0);
  info.size = static_cast<gsize>(info.stride[0]) * static_cast<gsize>(height);
  return info;
}

GstVideoFrame TargetFrame(const GstVideoInfo& info, uint8_t* pixels) {
  GstVideoFrame frame;
  std::memset(&frame, 0, sizeof frame);
  frame.info = info;
  frame.data[0] = pixels;
  return frame;
}

/// Rounds ARGB of 16 bits per value (host order) to RGB of 8 bits.
void RoundRow(const uint8_t* from, int pixels, uint8_t* to) {
  for (int i = 0; i < pixels; ++i) {
    uint16_t argb[4];
    std::memcpy(argb, from + static_cast<size_t>(i) * sizeof argb, sizeof argb);
    for (int channel = 0; channel < 3; ++channel) {
      const uint32_t value = argb[channel + 1];
      *to++ = static_cast<uint8_t>((value * 255 + 32767) / 65535);
    }
  }
}

/// Takes rows of a view out of the converted area around them.
/// @param left, top  of the first row, in the area
/// @param to         packed RGB
void CopyRows(const GstVideoFrame& area, int left, int top, int width, int rows,
              uint8_t* to) {
  const size_t row_bytes = static_cast<size_t>(width) * 3;
  const int step = GST_VIDEO_FRAME_COMP_PSTRIDE(&area, 0);
  for (int row = 0; row < rows; ++row, to += row_bytes) {
    const uint8_t* from =
        static_cast<const uint8_t*>(area.data[0]) +
        static_cast<ptrdiff_t>(top + row) * area.info.stride[0] +
        static_cast<ptrdiff_t>(left) * step;
    if (GST_VIDEO_FRAME_FORMAT(&area) == GST_VIDEO_FORMAT_RGB) {
      std::memcpy(to, from, row_bytes);
    } else {
      RoundRow(from, width, to);
    }
  }
}

/// Colorimetry of the frames; what the caps leave open is what GStreamer
/// assumes for this format and size.
GstVideoColorimetry KnownColorimetry(const GstVideoInfo& info) {
  GstVideoInfo assumed;
  gst_video_info_set_format(&assumed, GST_VIDEO_INFO_FORMAT(&info),
                            static_cast<guint>(info.width),
                            static_cast<guint>(info.height));
  GstVideoColorimetry result = info.colorimetry;
  if (result.matrix == GST_VIDEO_COLOR_MATRIX_UNKNOWN) {
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
}

GstVideoConverter* ViewCutter::ConverterFor(int width, int height) {
  if (converters_.size() >= kMaxConverters) converters_.clear();
  auto& converter = converters_[{width, height}];
  if (converter) return converter.get();
  GstVideoInfo in;
  gst_video_info_set_format(&in, GST_VIDEO_INFO_FORMAT(&info_),
                            static_cast<guint>(width),
                            static_cast<guint>(height));
  in.colorimetry = KnownColorimetry(info_);
  in.chroma_site = info_.chroma_site;
  GstVideoInfo out = TargetInfo(TargetOf(info_), width, height);
  // Dither would make a pixel's value depend on where its area starts.
  converter.reset(gst_video_converter_new(
      &in, &out,
      gst_structure_new("options", GST_VIDEO_CONVERTER_OPT_DITHER_METHOD,
                        GST_TYPE_VIDEO_DITHER_METHOD, GST_VIDEO_DITHER_NONE,
                        nullptr)));
  if (converter) return converter.get();
  throw Error(ErrorCode::kFormat,
              std::string("no conversion from ") +
                  gst_video_format_to_string(GST_VIDEO_INFO_FORMAT(&info_)) +
                  " to RGB");
}

void ViewCutter::CutRows(const MappedPicture& picture, const View& view,
                         int first, int rows, uint8_t* to) {
  const Subsampling chroma = SubsamplingOf(info_.finfo);
  const Span across = WithChroma(view.x, view.width, picture.width(), chroma.x);
  const int top = view.y + first;
  const Span down = WithChroma(top, rows, picture.height(), chroma.y);
  const GstVideoFrame from =
      picture.Window(across.begin, down.begin, across.size(), down.size());
  const GstVideoInfo area =
      TargetInfo(TargetOf(info_), across.size(), down.size());
  if (scratch_.size() < area.size) scratch_.resize(area.size);
  GstVideoFrame converted = TargetFrame(area, scratch_.data());
  gst_video_converter_frame(ConverterFor(across.size(), down.size()), &from,
                            &converted);
  CopyRows(converted, view.x - across.begin, top - down.begin, view.width, rows,
           to);
}

ViewPixels ViewCutter::CutOne(const MappedPicture& picture, const View& view) {
  ViewPixels pixels;
  pixels.view = view;
  const size_t row_bytes = static_cast<size_t>(view.width) * 3;
  pixels.rgb.resize(row_bytes * static_cast<size_t>(view.height));
  for (int first = 0; first < view.height; first += kStripRows) {
    CutRows(picture, view, first, std::min(kStripRows, view.height - first),
            pixels.rgb.data() + row_bytes * static_cast<size_t>(first));
  }
  return pixels;
}

std::vector<ViewPixels> ViewCutter::Cut(const MappedPicture& picture,
                                        const std::vector<View>& views) {
  std::vector<ViewPixels> pixels;
  pixels.reserve(views.size());
  for (const View& view : views) pixels.push_back(CutOne(picture, view));
  return pixels;
}

}  // namespace graphiqa
