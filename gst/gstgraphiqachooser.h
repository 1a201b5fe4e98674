// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <optional>

namespace graphiqa {

/// Which frames are scored.
struct ChoiceRule {
  guint interval = 1;  ///< every n-th frame, >= 1
  int rate_n = 0;      ///< at most rate_n / rate_d frames per second of
  int rate_d = 1;      ///< stream time; 0/1 = no limit
};

/// Chooses the frames of one stream that are scored. The first frame always
/// is; a rate limit takes one frame out of each 1 / max-rate of stream time.
class FrameChooser {
 public:
  /// @param stream_time  GST_CLOCK_TIME_NONE = unknown, then the rate is not
  ///                     limited
  bool Choose(const ChoiceRule& rule, GstClockTime stream_time);

  /// The next frame is a first one.
  void Reset();

 private:
  uint64_t since_chosen_ = 0;  ///< frames since one was due; 0 = none yet
  bool any_ = false;
  std::optional<uint64_t> last_slot_;  ///< of the rate limit
};

/// Numbers the frames of a stream; the views of a frame depend on nothing else.
///
/// Where frame rate and stream time are known, the number follows from them, so
/// that a frame has the same number and with it the same views however playback
/// came there. Otherwise frames are counted from the start of the stream.
class FrameNumbers {
 public:
  uint64_t Next(int fps_n, int fps_d, GstClockTime stream_time);
  void Reset() { count_ = 0; }

 private:
  uint64_t count_ = 0;
};

}  // namespace graphiqa
