// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "row.h"

namespace graphiqa {

/// How to set up the element; texts as its properties take them.
struct VideoOptions {
  std::string model_file;
  std::string device;
  std::string precision;
  int crops = 0;
  int interval = 1;
};

/// How a video ended.
struct VideoEnd {
  double duration_s = 0;  ///< end of the last frame
  bool interrupted = false;
  std::string warning;  ///< empty = none
};

/// Called now and then while a video plays.
/// @param part  how much is played, [0, 1]; 0 while the length is unknown
/// @returns whether to go on
using VideoProgress = std::function<bool(double part)>;

/// Plays a file through the element `graphiqa`, as fast as it goes, and gives
/// each scored frame to `sink`.
/// @param uri  as GStreamer takes it
/// @throws Error when there is no video, it cannot be decoded, scoring fails or
///   nothing comes for long
VideoEnd ScoreVideo(const std::string& uri, const VideoOptions& options,
                    const RowSink& sink, const VideoProgress& progress);

}  // namespace graphiqa
