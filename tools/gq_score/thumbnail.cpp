// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "thumbnail.h"

#include <gst/video/video.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace graphiqa {
namespace {

constexpr double kMaxWidth = 320;
constexpr double kMaxHeight = 240;
constexpr int kQuality = 80;

/// The largest size of this shape that fits; pictures are not enlarged.
cv::Size Fit(double width, double height) {
  const double scale = std::min({1.0, kMaxWidth / width, kMaxHeight / height});
  const auto pixels = [scale](double length) {
    return std::max(1, static_cast<int>(std::lround(scale * length)));
  };
  return {pixels(width), pixels(height)};
}

Thumbnail Encode(const cv::Mat& rgb) {
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  std::vector<unsigned char> bytes;
  cv::imencode(".jpg", bgr, bytes, {cv::IMWRITE_JPEG_QUALITY, kQuality});
  return {rgb.cols, rgb.rows, {bytes.begin(), bytes.end()}};
}

/// A mapped frame, unmapped when it goes out of scope.
class MappedFrame {
 public:
  MappedFrame(const GstVideoInfo* info, GstBuffer* buffer, GstMapFlags flags)
      : mapped_(gst_video_frame_map(&frame_, info, buffer, flags) != FALSE) {}
  ~MappedFrame() {
    if (mapped_) gst_video_frame_unmap(&frame_);
  }
  MappedFrame(const MappedFrame&) = delete;
  MappedFrame& operator=(const MappedFrame&) = delete;
  GstVideoFrame* get() { return mapped_ ? &frame_ : nullptr; }

 private:
  GstVideoFrame frame_;
  const bool mapped_;
};

struct Free {
  void operator()(GstVideoConverter* converter) const {
    gst_video_converter_free(converter);
  }
  void operator()(GstBuffer* buffer) const { gst_buffer_unref(buffer); }
};

/// RGB of the size that the thumbnail is to have, from a frame of `in`.
GstVideoInfo SmallInfo(const GstVideoInfo& in) {
  const double shape = GST_VIDEO_INFO_PAR_N(&in) > 0
                           ? static_cast<double>(GST_VIDEO_INFO_PAR_N(&in)) /
                                 GST_VIDEO_INFO_PAR_D(&in)
                           : 1;
  const cv::Size size =
      Fit(GST_VIDEO_INFO_WIDTH(&in) * shape, GST_VIDEO_INFO_HEIGHT(&in));
  GstVideoInfo out;
  gst_video_info_set_format(&out, GST_VIDEO_FORMAT_RGB,
                            static_cast<guint>(size.width),
                            static_cast<guint>(size.height));
  // The converter wants these alike on both sides.
  out.interlace_mode = in.interlace_mode;
  out.fps_n = in.fps_n;
  out.fps_d = in.fps_d;
  return out;
}

}  // namespace

Thumbnail ThumbnailOf(const cv::Mat& rgb) {
  cv::Mat small;
  cv::resize(rgb, small, Fit(rgb.cols, rgb.rows), 0, 0, cv::INTER_AREA);
  return Encode(small);
}

Thumbnail ThumbnailOf(GstSample* sample) {
  GstVideoInfo in;
  if (!gst_video_info_from_caps(&in, gst_sample_get_caps(sample))) return {};
  const GstVideoInfo out = SmallInfo(in);
  const std::unique_ptr<GstVideoConverter, Free> converter(
      gst_video_converter_new(&in, &out, nullptr));
  const std::unique_ptr<GstBuffer, Free> buffer(
      gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&out), nullptr));
  if (!converter || !buffer) return {};
  MappedFrame source(&in, gst_sample_get_buffer(sample), GST_MAP_READ);
  MappedFrame target(&out, buffer.get(), GST_MAP_READWRITE);
  if (source.get() == nullptr || target.get() == nullptr) return {};
  gst_video_converter_frame(converter.get(), source.get(), target.get());
  return Encode(cv::Mat(
      GST_VIDEO_INFO_HEIGHT(&out), GST_VIDEO_INFO_WIDTH(&out), CV_8UC3,
      GST_VIDEO_FRAME_PLANE_DATA(target.get(), 0),
      static_cast<size_t>(GST_VIDEO_FRAME_PLANE_STRIDE(target.get(), 0))));
}

}  // namespace graphiqa
