// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>

#include <opencv2/core.hpp>

#include "row.h"

namespace graphiqa {

/// A thumbnail of at most 320 x 240 pixels.
/// @param rgb  [height][width] 8-bit RGB
Thumbnail ThumbnailOf(const cv::Mat& rgb);

/// The same of a frame of any raw format that GStreamer converts, with the
/// shape its pixels are to be shown in. Without JPEG where it cannot be mapped.
Thumbnail ThumbnailOf(GstSample* sample);

}  // namespace graphiqa
