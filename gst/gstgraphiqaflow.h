// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/video/video.h>

#include <memory>
#include <mutex>
#include <optional>

#include "gstgraphiqaalarm.h"
#include "gstgraphiqachooser.h"
#include "gstgraphiqaengine.h"
#include "gstgraphiqaframe.h"
#include "gstgraphiqalane.h"
#include "gstgraphiqalive.h"
#include "gstgraphiqamessenger.h"
#include "gstgraphiqapicture.h"
#include "gstgraphiqareport.h"
#include "gstgraphiqasettings.h"
#include "gstgraphiqastats.h"
#include "scorer.h"

namespace graphiqa {

/// What happens to frames. In sync mode they are chosen, looked at, cut and
/// submitted where they come in (Accept()), and get their metadata where they
/// leave (Finish()). In live mode one thread does all but the cutting and
/// scoring (Carry()).
///
/// Accept(), Carry() and the setters belong to the thread that puts in,
/// Finish() to the one that takes out; Open(), Close(), Reset(), StartLive()
/// and StopLive() to neither: both threads must stand still.
class FrameFlow : private LiveScoring::Listener {
 public:
  /// @param element  (transfer none) whose bus hears the news; must outlive
  /// this
  explicit FrameFlow(GstElement* element) : messenger_(element) {}

  /// Opens an engine and scores with it from now on.
  /// @throws Error as OpenScorer()
  void Open(const ScorerOptions& options);

  bool is_open() const { return engine_.is_open(); }

  /// Lets go of the engine.
  void Close() { engine_.Close(); }

  void StartLive() { live_.Start(); }
  void StopLive() { live_.Stop(); }

  /// A new place in the stream: earlier results and frames mean nothing any
  /// more.
  void Reset();

  /// No alarm is raised any more.
  void ResetAlarms();

  void SetInfo(const GstVideoInfo& info);
  bool has_info() const { return info_.finfo != nullptr; }
  void SetSegment(const GstSegment& segment) { segment_ = segment; }
  void StartStream() { numbers_.Reset(); }

  /// Puts a frame into the lane; waits until there is room.
  /// @throws Error when the frame cannot be read or submitted
  GstFlowReturn Accept(BufferPtr buffer, const FlowSettings& settings);

  /// Writes the metadata of a frame that leaves, and posts what there is to say
  /// about it.
  /// @throws Error when scoring the frame failed
  BufferPtr Finish(HeldFrame frame, const FlowSettings& settings);

  /// Writes the metadata of a frame in live mode and offers it for scoring.
  BufferPtr Carry(BufferPtr buffer, const FlowSettings& settings);

  /// Lets go of the buffers that wait to be scored in live mode.
  void ReleaseBuffers() { live_.ReleaseBuffers(); }

  /// The property `stats` (transfer full). From any thread.
  GstStructure* Statistics() const;

  FrameLane& lane() { return lane_; }

 private:
  void OnScored(const ScoredFrame& scored, const LiveFrame& frame) override;
  void OnFailed() override;
  void OnHealth(const HealthNews& news, const FrameTimes& times) override;

  FrameTimes TimesOf(GstBuffer* buffer) const;
  void Look(HeldFrame* frame, const FlowSettings& settings);
  std::optional<Error> LookLive(GstBuffer* buffer, LiveFrame* frame);
  void Submit(const MappedPicture& picture, HeldFrame* frame, guint crops,
              uint64_t number);
  void TakeVerdict(HeldFrame* frame);
  void Watch(const AlarmRule& rule, const FrameTimes& times,
             PictureState picture, const ScoredFrame* newest);
  void Judge(const AlarmRule& rule, const ScoredFrame& scored,
             PictureState picture);
  void PostOverload(const FrameTimes& times, const LiveKnowledge& known);

  FrameLane lane_;
  FlowStatistics statistics_;
  const Messenger messenger_;
  GstVideoInfo info_{};
  GstSegment segment_{};
  ViewCutter cutter_;
  PictureWatch watch_;
  FrameChooser chooser_;
  FrameNumbers numbers_;
  std::optional<ScoredFrame> newest_;  ///< as seen by the frames that leave
  std::optional<Reporter> reporter_;

  std::mutex alarm_mutex_;  ///< frames and results come from two threads
  AlarmBank alarms_;

  // Of the last QOS message.
  GstClockTime qos_at_ = GST_CLOCK_TIME_NONE;  ///< monotonic
  std::pair<uint64_t, uint64_t> qos_counts_;   ///< scored, unscored

  EngineHandle engine_;
  LiveScoring live_{&engine_, this};  ///< last: its thread uses the rest
};

}  // namespace graphiqa
