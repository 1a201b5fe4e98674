// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "gstgraphiqareport.h"
#include "scorer.h"

namespace graphiqa {

struct UnrefMiniObject {
  void operator()(void* object) const {
    gst_mini_object_unref(static_cast<GstMiniObject*>(object));
  }
};
using BufferPtr = std::unique_ptr<GstBuffer, UnrefMiniObject>;
using EventPtr = std::unique_ptr<GstEvent, UnrefMiniObject>;

/// What the engine says about a frame. Shared by the frame and the engine's
/// callback, so that either may go first.
struct Verdict {
  bool done = false;
  std::optional<QualityResult> quality;
  std::optional<Error> error;
  GstClockTime arrival = 0;  ///< gst_util_get_timestamp()
  GstClockTime latency = 0;  ///< from arrival to the result, ns
};

/// One frame inside the element.
struct HeldFrame {
  BufferPtr buffer;
  FrameTimes times;
  PictureState picture = PictureState::kNormal;
  int width = 0;  ///< of the picture that the views lie in, pixels
  int height = 0;
  std::shared_ptr<Verdict> verdict;  ///< null when the frame is not scored
};

/// What goes through the lane: exactly one of the three.
struct LaneItem {
  HeldFrame frame;
  EventPtr event;
  GstQuery* query = nullptr;  ///< owned by its sender, who waits

  bool is_frame() const { return frame.buffer != nullptr; }
};

/// The way through the element: frames, serialized events and queries leave in
/// the order in which they came, each frame once it has its verdict. One thread
/// puts in, another takes out, engine threads deliver verdicts. While closed
/// (as at first) everything is refused with GST_FLOW_FLUSHING.
class FrameLane {
 public:
  ~FrameLane() { Close(); }

  /// Takes items from now on.
  void Open();

  /// Drops everything and wakes everyone.
  void Close();

  /// Waits until fewer than `most` frames are inside.
  /// @returns GST_FLOW_OK, or why no frame can be taken
  GstFlowReturn WaitForRoom(guint most);

  void PutFrame(HeldFrame frame);

  /// Waits while too many events are inside. After the stream's end, a new
  /// stream or segment opens the lane again.
  /// @param event  (transfer full)
  /// @returns GST_FLOW_OK, or why it was not taken
  GstFlowReturn PutEvent(GstEvent* event);

  /// Waits until the query had its turn and was answered.
  bool AskInTurn(GstQuery* query);

  /// Makes the callback that delivers a verdict into this lane, whether or not
  /// the lane still exists then.
  Scorer::Callback Deliver(const std::shared_ptr<Verdict>& verdict) const;

  /// Waits for the first item to be ready; after a failure or the stream's end,
  /// for the lane to go on.
  /// @returns nothing once the lane is closed
  std::optional<LaneItem> Take();

  /// Answer to the query that was taken last.
  void Answer(bool result);

  /// Notes what became of an item that was taken. Anything but GST_FLOW_OK
  /// refuses what comes, and drops what is inside.
  /// @returns whether the end of the stream was already inside
  bool Fail(GstFlowReturn flow);

  /// Downstream wants no more of this segment: frames are dropped and refused
  /// up to the next stream start, segment or end.
  void SkipSegment();

  /// Takes items again after GST_FLOW_NOT_LINKED.
  void Relink();

  /// The stream's end has left; a new stream start opens the lane again.
  void Finish();

 private:
  /// Outlives the lane in the callbacks of the engine.
  struct Sync {
    std::mutex mutex;
    std::condition_variable changed;
  };

  bool HeadReady() const;
  void DropAll();

  std::shared_ptr<Sync> sync_ = std::make_shared<Sync>();
  std::deque<LaneItem> items_;
  guint frames_ = 0;  ///< in items_
  GstFlowReturn flow_ = GST_FLOW_FLUSHING;
  bool skipping_ = false;     ///< SkipSegment() is in force
  bool end_inside_ = false;   ///< EOS came in
  bool query_waits_ = false;  ///< AskInTurn() has no answer yet
  bool query_taken_ = false;  ///< the taking thread uses it: it must answer
  bool query_result_ = false;
};

}  // namespace graphiqa
