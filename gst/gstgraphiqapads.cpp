// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// The way of data through the element. In sync mode what comes in on the sink
// pad is put into the lane, and the source pad's task takes it out; in live
// mode it goes straight on.
#include <gst/video/video.h>

#include <utility>

#include "gstgraphiqapriv.h"

#define GST_CAT_DEFAULT gst_graphiqa_debug

namespace {

using graphiqa::Error;
using graphiqa::Guard;
using graphiqa::ObjectLock;
using graphiqa::ReportFrameError;

graphiqa::FlowSettings FrameSettings(GstGraphiqa* self) {
  const ObjectLock lock(self);
  return self->priv->frames;
}

// --- Leaving: the task of the source pad -------------------------------------

/// Refuses what comes after a push that failed. Downstream gets an end where
/// nothing would follow.
void StopAfter(GstGraphiqa* self, GstFlowReturn flow) {
  GstGraphiqaPrivate* priv = self->priv;
  GST_DEBUG_OBJECT(self, "stopping: %s", gst_flow_get_name(flow));
  const bool ended = priv->flow.lane().Fail(flow);
  const bool fatal = flow == GST_FLOW_NOT_LINKED || flow < GST_FLOW_EOS;
  if (!ended || !fatal) return;
  // Upstream has gone home: nobody else would tell.
  if (flow != GST_FLOW_ERROR) GST_ELEMENT_FLOW_ERROR(self, flow);
  gst_pad_push_event(priv->srcpad, gst_event_new_eos());
}

void PushFrame(GstGraphiqa* self, graphiqa::HeldFrame held) {
  GstGraphiqaPrivate* priv = self->priv;
  graphiqa::BufferPtr buffer =
      priv->flow.Finish(std::move(held), FrameSettings(self));
  const GstFlowReturn flow = gst_pad_push(priv->srcpad, buffer.release());
  GST_LOG_OBJECT(self, "pushed a frame: %s", gst_flow_get_name(flow));
  if (flow == GST_FLOW_EOS) {
    priv->flow.lane().SkipSegment();
  } else if (flow != GST_FLOW_OK) {
    StopAfter(self, flow);
  }
}

void PushEvent(GstGraphiqa* self, graphiqa::EventPtr event) {
  GstGraphiqaPrivate* priv = self->priv;
  if (GST_EVENT_TYPE(event.get()) == GST_EVENT_EOS) {
    priv->flow.lane().Finish();
  }
  gst_pad_push_event(priv->srcpad, event.release());
}

/// In live mode one frame waits while another's views are cut.
constexpr guint kLiveFrames = 2;

/// Downstream's answer is upstream's: buffers go through as they are. Only the
/// frames inside are asked for on top.
bool AnswerAllocation(GstGraphiqa* self, GstQuery* query) {
  const bool answered = gst_pad_peer_query(self->priv->srcpad, query);
  const guint inside =
      self->priv->live ? kLiveFrames : FrameSettings(self).max_in_flight;
  const guint pools = gst_query_get_n_allocation_pools(query);
  for (guint i = 0; i < pools; ++i) {
    GstBufferPool* pool = nullptr;
    guint size = 0;
    guint min = 0;
    guint max = 0;
    gst_query_parse_nth_allocation_pool(query, i, &pool, &size, &min, &max);
    gst_query_set_nth_allocation_pool(query, i, pool, size, min + inside,
                                      max == 0 ? 0 : max + inside);
    gst_clear_object(&pool);
  }
  if (pools > 0) return answered;
  GstCaps* caps = nullptr;
  gst_query_parse_allocation(query, &caps, nullptr);
  GstVideoInfo info;
  if (caps == nullptr || !gst_video_info_from_caps(&info, caps))
    return answered;
  gst_query_add_allocation_pool(query, nullptr,
                                static_cast<guint>(GST_VIDEO_INFO_SIZE(&info)),
                                inside, 0);
  return true;
}

void PassQuery(GstGraphiqa* self, GstQuery* query) {
  const bool answered = GST_QUERY_TYPE(query) == GST_QUERY_ALLOCATION
                            ? AnswerAllocation(self, query)
                            : gst_pad_peer_query(self->priv->srcpad, query);
  self->priv->flow.lane().Answer(answered);
}

/// Sends on the first item of the lane.
/// @returns whether there was one
bool PassOne(GstGraphiqa* self) {
  std::optional<graphiqa::LaneItem> item = self->priv->flow.lane().Take();
  if (!item) return false;
  if (item->is_frame()) {
    PushFrame(self, std::move(item->frame));
  } else if (item->event) {
    PushEvent(self, std::move(item->event));
  } else {
    PassQuery(self, item->query);
  }
  return true;
}

// --- Coming in ---------------------------------------------------------------

/// Asks for a new latency where the caps change the time of a frame.
void SetFrameTime(GstGraphiqa* self, const GstVideoInfo& info) {
  GstClockTime time = GST_SECOND / 25;
  if (info.fps_n > 0) {
    time = gst_util_uint64_scale(GST_SECOND, static_cast<guint64>(info.fps_d),
                                 static_cast<guint64>(info.fps_n));
  }
  {
    const ObjectLock lock(self);
    if (self->priv->frame_time == time) return;
    self->priv->frame_time = time;
  }
  if (self->priv->live) return;
  gst_element_post_message(GST_ELEMENT(self),
                           gst_message_new_latency(GST_OBJECT(self)));
}

bool TakeCaps(GstGraphiqa* self, GstEvent* event) {
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  GstVideoInfo info;
  // "fields" packs two pictures with metadata of their own into one buffer.
  if (!gst_video_info_from_caps(&info, caps) ||
      GST_VIDEO_INFO_INTERLACE_MODE(&info) == GST_VIDEO_INTERLACE_MODE_FIELDS) {
    GST_ELEMENT_ERROR(self, CORE, NEGOTIATION,
                      ("The video format is not understood."),
                      ("caps %" GST_PTR_FORMAT, static_cast<void*>(caps)));
    return false;
  }
  GST_DEBUG_OBJECT(self, "caps %" GST_PTR_FORMAT, static_cast<void*>(caps));
  self->priv->flow.SetInfo(info);
  SetFrameTime(self, info);
  return true;
}

void StartTask(GstGraphiqa* self);

GstFlowReturn QueueEvent(GstGraphiqa* self, GstEvent* event) {
  const GstEventType type = GST_EVENT_TYPE(event);
  const bool sticky = GST_EVENT_IS_STICKY(event);
  const GstFlowReturn flow = self->priv->flow.lane().PutEvent(event);
  // A refused sticky event waits on the pad; the next frame tells the reason.
  if (flow != GST_FLOW_OK && sticky && type != GST_EVENT_EOS) {
    return GST_FLOW_OK;
  }
  if (type == GST_EVENT_EOS &&
      (flow == GST_FLOW_NOT_LINKED || flow == GST_FLOW_NOT_NEGOTIATED)) {
    GST_ELEMENT_FLOW_ERROR(self, flow);
  }
  return flow;
}

void StartFlush(GstGraphiqa* self, GstEvent* event) {
  gst_pad_push_event(self->priv->srcpad, event);
  if (self->priv->live) return;
  self->priv->flow.lane().Close();
  gst_pad_pause_task(self->priv->srcpad);
}

void StopFlush(GstGraphiqa* self, GstEvent* event) {
  gst_pad_push_event(self->priv->srcpad, event);
  self->priv->flow.Reset();
  if (self->priv->live) return;
  self->priv->flow.lane().Open();
  StartTask(self);
}

GstFlowReturn TakeEvent(GstGraphiqa* self, GstEvent* event) {
  switch (GST_EVENT_TYPE(event)) {
    case GST_EVENT_FLUSH_START:
      StartFlush(self, event);
      return GST_FLOW_OK;
    case GST_EVENT_FLUSH_STOP:
      StopFlush(self, event);
      return GST_FLOW_OK;
    case GST_EVENT_STREAM_START:
      self->priv->flow.StartStream();
      break;
    case GST_EVENT_CAPS:
      if (TakeCaps(self, event)) break;
      gst_event_unref(event);
      return GST_FLOW_NOT_NEGOTIATED;
    case GST_EVENT_SEGMENT: {
      GstSegment segment;
      gst_event_copy_segment(event, &segment);
      self->priv->flow.SetSegment(segment);
      break;
    }
    default:
      break;
  }
  if (GST_EVENT_IS_SERIALIZED(event) && !self->priv->live) {
    return QueueEvent(self, event);
  }
  return gst_pad_push_event(self->priv->srcpad, event) ? GST_FLOW_OK
                                                       : GST_FLOW_ERROR;
}

GstFlowReturn PassLive(GstGraphiqa* self, graphiqa::BufferPtr buffer) {
  GstGraphiqaPrivate* priv = self->priv;
  if (!priv->flow.has_info()) return GST_FLOW_NOT_NEGOTIATED;
  buffer = priv->flow.Carry(std::move(buffer), FrameSettings(self));
  return gst_pad_push(priv->srcpad, buffer.release());
}

/// Whoever asks these may want all of its buffers back.
bool PassLiveQuery(GstGraphiqa* self, GstQuery* query) {
  const GstQueryType type = GST_QUERY_TYPE(query);
  if (type == GST_QUERY_ALLOCATION || type == GST_QUERY_DRAIN) {
    self->priv->flow.ReleaseBuffers();
  }
  if (type == GST_QUERY_ALLOCATION) return AnswerAllocation(self, query);
  return gst_pad_peer_query(self->priv->srcpad, query);
}

/// Adds the time of the frames inside to what upstream answers.
bool AnswerLatency(GstGraphiqa* self, GstQuery* query) {
  if (!gst_pad_peer_query(self->priv->sinkpad, query)) return false;
  gboolean live = FALSE;
  GstClockTime min = 0;
  GstClockTime max = GST_CLOCK_TIME_NONE;
  gst_query_parse_latency(query, &live, &min, &max);
  GstClockTime inside = 0;
  {
    const ObjectLock lock(self);
    if (!self->priv->live) {
      inside = self->priv->frames.max_in_flight * self->priv->frame_time;
    }
  }
  if (GST_CLOCK_TIME_IS_VALID(max)) max += inside;
  gst_query_set_latency(query, live, min + inside, max);
  return true;
}

}  // namespace

// --- Pads --------------------------------------------------------------------

static void gst_graphiqa_loop(gpointer user_data) {
  auto* self = GST_GRAPHIQA(user_data);
  const auto fail = [](GstGraphiqa* element, const Error& error) {
    ReportFrameError(element, error);
    StopAfter(element, GST_FLOW_ERROR);
  };
  const bool passed = Guard(self, fail, true, [self] { return PassOne(self); });
  if (!passed) gst_pad_pause_task(self->priv->srcpad);
}

namespace {

void StartTask(GstGraphiqa* self) {
  gst_pad_start_task(self->priv->srcpad, gst_graphiqa_loop, self, nullptr);
}

}  // namespace

static GstFlowReturn gst_graphiqa_chain(GstPad*, GstObject* parent,
                                        GstBuffer* buffer) {
  auto* self = GST_GRAPHIQA(parent);
  graphiqa::BufferPtr owned(buffer);
  return Guard(self, ReportFrameError, GST_FLOW_ERROR, [&] {
    if (self->priv->live) return PassLive(self, std::move(owned));
    return self->priv->flow.Accept(std::move(owned), FrameSettings(self));
  });
}

static GstFlowReturn gst_graphiqa_sink_event(GstPad*, GstObject* parent,
                                             GstEvent* event) {
  auto* self = GST_GRAPHIQA(parent);
  GST_LOG_OBJECT(self, "event %" GST_PTR_FORMAT, static_cast<void*>(event));
  return Guard(self, ReportFrameError, GST_FLOW_ERROR,
               [&] { return TakeEvent(self, event); });
}

static gboolean gst_graphiqa_src_event(GstPad* pad, GstObject* parent,
                                       GstEvent* event) {
  auto* self = GST_GRAPHIQA(parent);
  if (GST_EVENT_TYPE(event) == GST_EVENT_RECONFIGURE) {
    self->priv->flow.lane().Relink();
  }
  return gst_pad_event_default(pad, parent, event);
}

static gboolean gst_graphiqa_sink_query(GstPad* pad, GstObject* parent,
                                        GstQuery* query) {
  auto* self = GST_GRAPHIQA(parent);
  if (GST_QUERY_IS_SERIALIZED(query)) {
    if (self->priv->live) return PassLiveQuery(self, query);
    return self->priv->flow.lane().AskInTurn(query);
  }
  return gst_pad_query_default(pad, parent, query);
}

static gboolean gst_graphiqa_src_query(GstPad* pad, GstObject* parent,
                                       GstQuery* query) {
  if (GST_QUERY_TYPE(query) == GST_QUERY_LATENCY) {
    return AnswerLatency(GST_GRAPHIQA(parent), query);
  }
  return gst_pad_query_default(pad, parent, query);
}

static gboolean gst_graphiqa_sink_activate_mode(GstPad*, GstObject* parent,
                                                GstPadMode mode,
                                                gboolean active) {
  if (mode != GST_PAD_MODE_PUSH) return FALSE;
  if (!active) GST_GRAPHIQA(parent)->priv->flow.lane().Close();
  return TRUE;
}

static gboolean gst_graphiqa_src_activate_mode(GstPad* pad, GstObject* parent,
                                               GstPadMode mode,
                                               gboolean active) {
  auto* self = GST_GRAPHIQA(parent);
  if (mode != GST_PAD_MODE_PUSH) return FALSE;
  if (active) {
    if (self->priv->live) return TRUE;
    self->priv->flow.lane().Open();
    StartTask(self);
    return TRUE;
  }
  self->priv->flow.lane().Close();
  return gst_pad_stop_task(pad);
}

void gst_graphiqa_add_pads(GstGraphiqa* self, GstStaticPadTemplate* sink,
                           GstStaticPadTemplate* src) {
  GstPad* sinkpad = gst_pad_new_from_static_template(sink, "sink");
  gst_pad_set_chain_function(sinkpad, GST_DEBUG_FUNCPTR(gst_graphiqa_chain));
  gst_pad_set_event_full_function(sinkpad,
                                  GST_DEBUG_FUNCPTR(gst_graphiqa_sink_event));
  gst_pad_set_query_function(sinkpad,
                             GST_DEBUG_FUNCPTR(gst_graphiqa_sink_query));
  gst_pad_set_activatemode_function(
      sinkpad, GST_DEBUG_FUNCPTR(gst_graphiqa_sink_activate_mode));
  GST_PAD_SET_PROXY_CAPS(sinkpad);
  gst_element_add_pad(GST_ELEMENT(self), sinkpad);

  GstPad* srcpad = gst_pad_new_from_static_template(src, "src");
  gst_pad_set_event_function(srcpad, GST_DEBUG_FUNCPTR(gst_graphiqa_src_event));
  gst_pad_set_query_function(srcpad, GST_DEBUG_FUNCPTR(gst_graphiqa_src_query));
  gst_pad_set_activatemode_function(
      srcpad, GST_DEBUG_FUNCPTR(gst_graphiqa_src_activate_mode));
  GST_PAD_SET_PROXY_CAPS(srcpad);
  gst_element_add_pad(GST_ELEMENT(self), srcpad);
  self->priv->sinkpad = sinkpad;
  self->priv->srcpad = srcpad;
}
