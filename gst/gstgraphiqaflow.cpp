// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqaflow.h"

#include <utility>

#include "gst/graphiqa/gstgraphiqameta.h"

namespace graphiqa {

void FrameFlow::Open(std::shared_ptr<Scorer> scorer) {
  reporter_.emplace(scorer->model());
  statistics_.Reset();
  const std::lock_guard<std::mutex> lock(scorer_mutex_);
  scorer_ = std::move(scorer);
}

void FrameFlow::Close() {
  std::shared_ptr<Scorer> last;
  {
    const std::lock_guard<std::mutex> lock(scorer_mutex_);
    if (!scorer_) return;
    engine_at_close_ = scorer_->statistics();
    last = std::move(scorer_);
  }
  last.reset();  // may wait: not under the lock
}

void FrameFlow::Reset() {
  watch_.Reset();
  chooser_.Reset();
  newest_.reset();
}

void FrameFlow::SetInfo(const GstVideoInfo& info) {
  info_ = info;
  cutter_.SetInfo(info);
  watch_.Reset();
}

FrameTimes FrameFlow::TimesOf(GstBuffer* buffer) const {
  FrameTimes times;
  times.pts = GST_BUFFER_PTS(buffer);
  times.duration = GST_BUFFER_DURATION(buffer);
  if (segment_.format == GST_FORMAT_TIME &&
      GST_CLOCK_TIME_IS_VALID(times.pts)) {
    times.stream_time =
        gst_segment_to_stream_time(&segment_, GST_FORMAT_TIME, times.pts);
    times.running_time =
        gst_segment_to_running_time(&segment_, GST_FORMAT_TIME, times.pts);
  }
  return times;
}

GstFlowReturn FrameFlow::Accept(BufferPtr buffer,
                                const FlowSettings& settings) {
  const GstClockTime arrival = gst_util_get_timestamp();
  const GstFlowReturn room = lane_.WaitForRoom(settings.max_in_flight);
  if (room != GST_FLOW_OK) return room;
  statistics_.CountIn();
  HeldFrame frame;
  frame.times = TimesOf(buffer.get());
  frame.buffer = std::move(buffer);
  if (chooser_.Choose(settings.rule, frame.times.stream_time)) {
    frame.verdict = std::make_shared<Verdict>();
    frame.verdict->arrival = arrival;
  }
  Look(&frame, settings);
  lane_.PutFrame(std::move(frame));
  return GST_FLOW_OK;
}

void FrameFlow::Look(HeldFrame* frame, const FlowSettings& settings) {
  const MappedPicture picture(info_, frame->buffer.get());
  frame->width = picture.width();
  frame->height = picture.height();
  frame->picture = watch_.Update(SampleLuma(picture), frame->times.stream_time);
  const uint64_t number =
      numbers_.Next(info_.fps_n, info_.fps_d, frame->times.stream_time);
  if (frame->verdict) Submit(picture, frame, settings.crops, number);
}

void FrameFlow::Submit(const MappedPicture& picture, HeldFrame* frame,
                       guint crops, uint64_t number) {
  const std::vector<View> views =
      PlanViews(scorer_->model().plan, picture.width(), picture.height(),
                number, static_cast<int>(crops));
  scorer_->Submit(cutter_.Cut(picture, views), lane_.Deliver(frame->verdict));
}

void FrameFlow::TakeVerdict(HeldFrame* frame) {
  Verdict& verdict = *frame->verdict;
  if (verdict.error) {
    statistics_.CountFailed();
    throw *verdict.error;
  }
  statistics_.CountScored(*verdict.quality,
                          static_cast<int64_t>(verdict.latency));
  newest_ = ScoredFrame{std::move(*verdict.quality), frame->times,
                        verdict.latency, frame->width, frame->height};
}

BufferPtr FrameFlow::Finish(HeldFrame frame, const FlowSettings& settings,
                            GstStructure** message) {
  const bool fresh = frame.verdict != nullptr;
  if (fresh) {
    TakeVerdict(&frame);
  } else if (newest_) {
    statistics_.CountHeld();
  } else {
    statistics_.CountSkipped();
  }
  BufferPtr buffer(gst_buffer_make_writable(frame.buffer.release()));
  GstStructure* fields = gst_buffer_add_graphiqa_meta(buffer.get());
  reporter_->Fill(fields, frame.times, frame.picture,
                  newest_ ? &*newest_ : nullptr, fresh, settings.heatmap);
  *message = fresh && settings.message
                 ? Reporter::MessageFor(fields, frame.times)
                 : nullptr;
  return buffer;
}

GstStructure* FrameFlow::Statistics() const {
  const std::lock_guard<std::mutex> lock(scorer_mutex_);
  return statistics_.ToStructure(scorer_ ? scorer_->statistics()
                                         : engine_at_close_);
}

}  // namespace graphiqa
