// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/video/video.h>

#include <memory>
#include <mutex>
#include <optional>

#include "gstgraphiqachooser.h"
#include "gstgraphiqaframe.h"
#include "gstgraphiqalane.h"
#include "gstgraphiqapicture.h"
#include "gstgraphiqareport.h"
#include "gstgraphiqastats.h"
#include "scorer.h"

namespace graphiqa {

/// The element's properties that count from one frame to the next.
struct FlowSettings {
  ChoiceRule rule;
  guint crops = 0;          ///< views per scored frame, 0 = the model's number
  guint max_in_flight = 4;  ///< frames inside, >= 1
  bool message = false;
  bool heatmap = false;
};

/// What happens to frames: they are chosen, looked at, cut and submitted where
/// they come in, and get their metadata where they leave. Accept() and the
/// setters belong to the thread that puts in, Finish() to the one that takes
/// out; Open(), Close() and Reset() to neither: both threads must stand still.
class FrameFlow {
 public:
  /// Scores with this from now on.
  void Open(std::shared_ptr<Scorer> scorer);

  bool is_open() const { return scorer_ != nullptr; }

  /// Waits for what is still being scored and lets go of the engine.
  void Close();

  /// A new stream, or a new place in it: earlier results and frames mean
  /// nothing any more.
  void Reset();

  void SetInfo(const GstVideoInfo& info);
  void SetSegment(const GstSegment& segment) { segment_ = segment; }
  void StartStream() { numbers_.Reset(); }

  /// Puts a frame into the lane; waits until there is room.
  /// @throws Error when the frame cannot be read or submitted
  GstFlowReturn Accept(BufferPtr buffer, const FlowSettings& settings);

  /// Writes the metadata of a frame that leaves.
  /// @param message  the structure of the element message, where the settings
  ///                 ask for one and this frame was scored (transfer full),
  ///                 else null
  /// @throws Error when scoring the frame failed
  BufferPtr Finish(HeldFrame frame, const FlowSettings& settings,
                   GstStructure** message);

  /// The property `stats` (transfer full). From any thread.
  GstStructure* Statistics() const;

  FrameLane& lane() { return lane_; }

 private:
  FrameTimes TimesOf(GstBuffer* buffer) const;
  void Look(HeldFrame* frame, const FlowSettings& settings);
  void Submit(const MappedPicture& picture, HeldFrame* frame, guint crops,
              uint64_t number);
  void TakeVerdict(HeldFrame* frame);

  FrameLane lane_;
  FlowStatistics statistics_;
  GstVideoInfo info_{};
  GstSegment segment_{};
  ViewCutter cutter_;
  PictureWatch watch_;
  FrameChooser chooser_;
  FrameNumbers numbers_;
  std::optional<ScoredFrame> newest_;  ///< as seen by the frames that leave
  std::optional<Reporter> reporter_;

  mutable std::mutex scorer_mutex_;  ///< Statistics() against Open(), Close()
  std::shared_ptr<Scorer> scorer_;
  ScorerStatistics engine_at_close_;
};

}  // namespace graphiqa
