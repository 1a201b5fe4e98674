// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>

#include <string>

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

/// Writes what is known about one frame into metadata and messages.
class Reporter {
 public:
  explicit Reporter(const ModelDescription& model);

  /// Fills the fields of a GraphiqaMeta; `fields` holds `version` alone.
  /// @param times    of the frame that carries the fields
  /// @param newest   the newest result up to this frame, null = none yet
  /// @param fresh    whether `newest` comes from this very frame
  /// @param heatmap  whether to write the views' scores
  void Fill(GstStructure* fields, const FrameTimes& times, PictureState picture,
            const ScoredFrame* newest, bool fresh, bool heatmap) const;

  /// The structure `graphiqa` of the element message: a frame's fields and its
  /// timestamp, stream-time, running-time and duration.
  /// @returns (transfer full)
  static GstStructure* MessageFor(const GstStructure* fields,
                                  const FrameTimes& times);

 private:
  void FillResult(GstStructure* fields, const QualityResult& quality) const;

  std::vector<std::string> types_;
  std::string model_;  ///< NAME@HASH
};

}  // namespace graphiqa
