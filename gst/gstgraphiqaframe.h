// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/video/video.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "gstgraphiqayuv.h"
#include "picture_state.h"
#include "scorer.h"

namespace graphiqa {

/// A video frame mapped for reading. The only place that maps memory.
///
/// Of an interlaced frame it shows the even lines alone, as one picture of
/// half the height (rounded up): the two fields are two moments, and a picture
/// woven of both shows combs that are no fault of the video.
class MappedPicture {
 public:
  /// @param buffer  (transfer none) stays referenced while this lives
  /// @throws Error(kFile) when the memory cannot be mapped or is too small
  MappedPicture(const GstVideoInfo& info, GstBuffer* buffer);
  ~MappedPicture();
  MappedPicture(const MappedPicture&) = delete;
  MappedPicture& operator=(const MappedPicture&) = delete;

  int width() const { return GST_VIDEO_FRAME_WIDTH(&picture_); }
  int height() const { return GST_VIDEO_FRAME_HEIGHT(&picture_); }

  /// The part at (x, y); both must be multiples of the chroma subsampling.
  /// A window on the mapped memory: not to be unmapped, valid while this lives.
  GstVideoFrame Window(int x, int y, int width, int height) const;
  const GstVideoFrame& picture() const { return picture_; }

 private:
  GstVideoFrame mapped_;
  GstVideoFrame picture_;  ///< mapped_, or its even lines
};

/// Reads at most 160 x 90 evenly spread points, so that a frame of any size
/// costs some ten microseconds. RGB formats give their weighted sum.
LumaSamples SampleLuma(const MappedPicture& picture);

/// Cuts views out of frames as packed 8-bit RGB. Only the views' areas are
/// converted, to the values that a conversion of the whole frame gives: exact
/// for RGB and grey; for YUV see YuvCutter, which also scales whole views.
/// Not thread-safe.
class ViewCutter {
 public:
  /// Forgets everything that belongs to another format.
  void SetInfo(const GstVideoInfo& info);

  /// @param views      inside the picture
  /// @param view_size  side of the network's input, pixels
  /// @returns one entry per view, in order
  /// @throws Error(kFormat) when the colours cannot be converted
  std::vector<ViewPixels> Cut(const MappedPicture& picture,
                              const std::vector<View>& views, int view_size);

 private:
  struct FreeConverter {
    void operator()(GstVideoConverter* converter) const {
      gst_video_converter_free(converter);
    }
  };

  GstVideoConverter* ConverterFor(int width, int height);
  ViewPixels CutOne(const MappedPicture& picture, const View& view,
                    int view_size);
  [[noreturn]] void ThrowNoConversion() const;
  /// Of formats that are not YUV.
  void Convert(const MappedPicture& picture, const View& view, uint8_t* rgb);

  GstVideoInfo info_;
  /// By the size of the area; a stream needs a few.
  std::map<std::pair<int, int>,
           std::unique_ptr<GstVideoConverter, FreeConverter>>
      converters_;
  std::optional<YuvCutter> yuv_;  ///< of formats that are
};

}  // namespace graphiqa
