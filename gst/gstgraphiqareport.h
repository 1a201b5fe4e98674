// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>

#include <optional>
#include <string>
#include <vector>

#include "gstgraphiqapicture.h"
#include "scorer.h"

namespace graphiqa {

/// A frame's place in time, taken when it arrives. GST_CLOCK_TIME_NONE where
/// unknown.
struct FrameTimes {
  GstClockTime pts = GST_CLOCK_TIME_NONE;
  GstClockTime duration = GST_CLOCK_TIME_NONE;
  GstClockTime stream_time = GST_CLOCK_TIME_NONE;
  GstClockTime running_time = GST_CLOCK_TIME_NONE;
};

/// A result together with the frame that it comes from.
struct ScoredFrame {
  QualityResult quality;
  FrameTimes times;
  GstClockTime latency = 0;  ///< from the frame's arrival to its result
  int width = 0;             ///< of the picture that the views lie in, pixels
  int height = 0;
};

/// How old a result is at a later frame: by stream time, by PTS without it.
/// @returns GST_CLOCK_TIME_NONE where unknown
GstClockTime AgeOf(const FrameTimes& scored, const FrameTimes& now);

/// Sets a field of type clock time; nothing where the time is unknown.
void SetTime(GstStructure* structure, const char* name, GstClockTime time);

/// What is known about a frame that leaves.
struct FrameReport {
  FrameTimes times;
  std::optional<PictureState> picture;  ///< nothing when it cannot be read
  const ScoredFrame* newest = nullptr;  ///< newest result, null = none yet
  bool fresh = false;                   ///< `newest` comes from this very frame
  bool failed = false;                  ///< the newest try to score failed
  bool heatmap = false;                 ///< to write the views' scores
};

/// Writes what is known about one frame into metadata and messages.
class Reporter {
 public:
  explicit Reporter(const ModelDescription& model);

  /// Fills the fields of a GraphiqaMeta; `fields` holds `version` alone.
  void Fill(GstStructure* fields, const FrameReport& report) const;

  /// Adds score, uncertainty, distortion, level and number of crops.
  void FillResult(GstStructure* fields, const QualityResult& quality) const;

  /// The structure `graphiqa` of the element message: a frame's fields and its
  /// timestamp, stream-time, running-time and duration.
  /// @returns (transfer full)
  static GstStructure* MessageFor(const GstStructure* fields,
                                  const FrameTimes& times);

 private:
  std::vector<std::string> types_;
  std::string model_;  ///< NAME@HASH
};

}  // namespace graphiqa
