// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqaflow.h"

#include <algorithm>
#include <utility>

#include "gst/graphiqa/gstgraphiqameta.h"

namespace graphiqa {
namespace {

constexpr GstClockTime kBetweenQos = GST_SECOND;

}  // namespace

void FrameFlow::Open(const ScorerOptions& options) {
  engine_.Open(options);
  reporter_.emplace(engine_.scorer()->model());
  statistics_.Reset();
  qos_at_ = GST_CLOCK_TIME_NONE;
  qos_counts_ = {};
  live_.Renew();
}

void FrameFlow::Reset() {
  watch_.Reset();
  chooser_.Reset();
  newest_.reset();
  live_.Forget();
  const std::lock_guard<std::mutex> lock(alarm_mutex_);
  alarms_.Interrupt();
}

void FrameFlow::ResetAlarms() {
  const std::lock_guard<std::mutex> lock(alarm_mutex_);
  alarms_.Reset();
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

// --- Alarms ------------------------------------------------------------------

/// Every frame counts for the alarms of pictures.
void FrameFlow::Watch(const AlarmRule& rule, const FrameTimes& times,
                      PictureState picture, const ScoredFrame* newest) {
  std::vector<AlarmEvent> events;
  {
    const std::lock_guard<std::mutex> lock(alarm_mutex_);
    events = alarms_.OnFrame(rule, times.running_time, picture);
  }
  for (const AlarmEvent& event : events) {
    messenger_.Alarm(*reporter_, event, newest);
  }
}

/// Every result counts for the alarm of the score.
void FrameFlow::Judge(const AlarmRule& rule, const ScoredFrame& scored,
                      PictureState picture) {
  std::optional<AlarmEvent> event;
  {
    const std::lock_guard<std::mutex> lock(alarm_mutex_);
    event = alarms_.OnScore(rule, scored.times.running_time,
                            scored.quality.score, picture);
  }
  if (event) messenger_.Alarm(*reporter_, *event, &scored);
}

// --- Sync mode ---------------------------------------------------------------

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
  const std::shared_ptr<Scorer> scorer = engine_.scorer();
  const ViewPlan& plan = scorer->model().plan;
  const std::vector<View> views = PlanViews(
      plan, picture.width(), picture.height(), number, static_cast<int>(crops));
  scorer->Submit(cutter_.Cut(picture, views, plan.view_size_px),
                 lane_.Deliver(frame->verdict));
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

BufferPtr FrameFlow::Finish(HeldFrame frame, const FlowSettings& settings) {
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
  reporter_->Fill(
      fields, {frame.times, frame.picture, newest_ ? &*newest_ : nullptr, fresh,
               false, settings.heatmap});
  if (fresh && settings.message) {
    messenger_.Post(Reporter::MessageFor(fields, frame.times));
  }
  Watch(settings.alarm, frame.times, frame.picture,
        newest_ ? &*newest_ : nullptr);
  if (fresh) Judge(settings.alarm, *newest_, frame.picture);
  return buffer;
}

// --- Live mode ---------------------------------------------------------------

/// @returns why the frame cannot be read
std::optional<Error> FrameFlow::LookLive(GstBuffer* buffer, LiveFrame* frame) {
  frame->number =
      numbers_.Next(info_.fps_n, info_.fps_d, frame->times.stream_time);
  try {
    const MappedPicture picture(info_, buffer);
    frame->picture =
        watch_.Update(SampleLuma(picture), frame->times.stream_time);
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

BufferPtr FrameFlow::Carry(BufferPtr buffer, const FlowSettings& settings) {
  LiveFrame frame;
  frame.arrival = gst_util_get_timestamp();
  frame.times = TimesOf(buffer.get());
  frame.info = info_;
  frame.settings = settings;
  statistics_.CountIn();
  const bool chosen = chooser_.Choose(settings.rule, frame.times.stream_time);
  const std::optional<Error> unreadable = LookLive(buffer.get(), &frame);
  const LiveKnowledge known = live_.Known();
  FrameReport report{frame.times,
                     std::nullopt,
                     known.newest.get(),
                     false,
                     known.failed || unreadable,
                     settings.heatmap};
  if (!unreadable) report.picture = frame.picture;
  if (!report.failed) {
    known.newest ? statistics_.CountHeld() : statistics_.CountSkipped();
  }
  BufferPtr out(gst_buffer_make_writable(buffer.release()));
  reporter_->Fill(gst_buffer_add_graphiqa_meta(out.get()), report);
  if (unreadable) {
    live_.Refuse(*unreadable, frame.times);
    return out;
  }
  Watch(settings.alarm, frame.times, frame.picture, known.newest.get());
  if (!chosen) return out;
  const FrameTimes times = frame.times;
  frame.buffer.reset(gst_buffer_ref(out.get()));
  if (live_.Offer(std::move(frame))) {
    statistics_.CountUnscored();
    PostOverload(times, known);
  }
  return out;
}

/// Says that frames go unscored, once a second at most.
void FrameFlow::PostOverload(const FrameTimes& times,
                             const LiveKnowledge& known) {
  const GstClockTime now = gst_util_get_timestamp();
  if (GST_CLOCK_TIME_IS_VALID(qos_at_) && now - qos_at_ < kBetweenQos) return;
  qos_at_ = now;
  const auto [scored, unscored] = statistics_.ScoredAndUnscored();
  QosReport report;
  report.scored = scored;
  report.unscored = unscored;
  const auto done =
      static_cast<double>(std::max<uint64_t>(scored - qos_counts_.first, 1));
  report.proportion =
      1 + static_cast<double>(unscored - qos_counts_.second) / done;
  if (known.newest) report.lag = AgeOf(known.newest->times, times);
  if (!GST_CLOCK_TIME_IS_VALID(report.lag)) report.lag = 0;
  qos_counts_ = {scored, unscored};
  messenger_.Qos(report, times);
}

void FrameFlow::OnScored(const ScoredFrame& scored, const LiveFrame& frame) {
  statistics_.CountScored(scored.quality, static_cast<int64_t>(scored.latency));
  if (frame.settings.message) {
    GstStructure* fields = gst_structure_new(
        "graphiqa", "version", G_TYPE_UINT, GST_GRAPHIQA_META_VERSION, nullptr);
    reporter_->Fill(fields, {scored.times, frame.picture, &scored, true, false,
                             frame.settings.heatmap});
    messenger_.Post(Reporter::MessageFor(fields, scored.times));
    gst_structure_free(fields);
  }
  Judge(frame.settings.alarm, scored, frame.picture);
}

void FrameFlow::OnFailed() { statistics_.CountFailed(); }

void FrameFlow::OnHealth(const HealthNews& news, const FrameTimes& times) {
  messenger_.Health(news, times);
}

GstStructure* FrameFlow::Statistics() const {
  return statistics_.ToStructure(engine_.statistics());
}

}  // namespace graphiqa
