// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "pipeline_run.h"

#include <malloc.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

#include "error.h"

namespace graphiqa {
namespace {

/// Sound stays undecoded: the caps offer no way for it.
constexpr const char* kPipeline =
    "uridecodebin name=source expose-all-streams=false caps=video/x-raw(ANY) "
    "! queue name=gate max-size-buffers=3 max-size-bytes=0 max-size-time=0 "
    "! videoconvert ! graphiqa name=quality message=true "
    "! fakesink name=sink sync=true qos=false";
constexpr size_t kMaxSamples = 1000;
constexpr auto kStatsEvery = std::chrono::seconds(1);
constexpr gint64 kTrimPause = 5 * G_USEC_PER_SEC;
constexpr int kQueueLeakyDownstream = 2;

GstElement* Named(GstElement* bin, const char* name) {
  return gst_bin_get_by_name(GST_BIN(bin), name);
}

double SecondsOf(const GstStructure* fields, const char* name) {
  guint64 value = 0;
  gst_structure_get_uint64(fields, name, &value);
  return static_cast<double>(value) / GST_SECOND;
}

EngineStats StatsFrom(const GstStructure* fields) {
  EngineStats stats;
  gst_structure_get_uint64(fields, "frames-in", &stats.frames_in);
  gst_structure_get_uint64(fields, "frames-scored", &stats.scored);
  gst_structure_get_uint64(fields, "frames-held", &stats.held);
  gst_structure_get_uint64(fields, "frames-skipped", &stats.skipped);
  gst_structure_get_uint64(fields, "frames-failed", &stats.failed);
  stats.queue_s = SecondsOf(fields, "queue-time");
  stats.inference_s = SecondsOf(fields, "inference-time");
  stats.latency_p50_s = SecondsOf(fields, "latency-p50");
  stats.latency_p99_s = SecondsOf(fields, "latency-p99");
  return stats;
}

/// What a pipeline leaves behind is free, but in pieces between what others
/// use: malloc would keep it, and take more for the next pipeline. At most
/// every few seconds, for it looks at all of the heap.
void ReturnFreeMemory() {
  static std::atomic<gint64> next{0};
  const gint64 now = g_get_monotonic_time();
  gint64 due = next;
  if (now < due || !next.compare_exchange_strong(due, now + kTrimPause)) return;
  malloc_trim(0);
}

}  // namespace

std::shared_ptr<PipelineRun> PipelineRun::Start(const SourceSettings& source,
                                                const EngineSettings& engine) {
  const std::shared_ptr<PipelineRun> run(new PipelineRun(source, engine));
  // Detached, for it may never end; it keeps its own object alive.
  std::thread([run] { run->Main(); }).detach();
  return run;
}

PipelineRun::PipelineRun(const SourceSettings& source,
                         const EngineSettings& engine)
    : source_(source), engine_(engine) {}

void PipelineRun::Main() {
  try {
    Play();
  } catch (const std::exception& error) {
    Fail(error.what());
  }
  GstElement* sink = nullptr;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::swap(sink, sink_);
  }
  if (sink != nullptr) gst_object_unref(sink);
  if (quality_ != nullptr) gst_object_unref(quality_);
  if (pipeline_ != nullptr) {
    gst_element_set_state(pipeline_, GST_STATE_NULL);
    GstBus* bus = gst_element_get_bus(pipeline_);
    gst_bus_set_sync_handler(bus, nullptr, nullptr, nullptr);
    gst_object_unref(bus);
    gst_object_unref(pipeline_);
  }
  ReturnFreeMemory();
  const std::lock_guard<std::mutex> lock(mutex_);
  finished_ = true;
}

void PipelineRun::Play() {
  Build();
  GoUp();
  while (Serve()) ReadStats();
  ReadStats();
}

void PipelineRun::Build() {
  GError* error = nullptr;
  pipeline_ = gst_parse_launch(kPipeline, &error);
  if (error != nullptr) {
    const std::string text = error->message;
    g_error_free(error);
    throw Error(ErrorCode::kNotFound, "GStreamer: " + text);
  }
  GstBus* bus = gst_element_get_bus(pipeline_);
  gst_bus_set_sync_handler(bus, OnMessage, this, nullptr);
  gst_object_unref(bus);
  GstElement* source = Named(pipeline_, "source");
  g_object_set(source, "uri", source_.uri.c_str(), nullptr);
  gst_object_unref(source);
  quality_ = Named(pipeline_, "quality");
  Configure(quality_);
  const std::lock_guard<std::mutex> lock(mutex_);
  sink_ = Named(pipeline_, "sink");
}

void PipelineRun::Configure(GstElement* quality) {
  if (!engine_.model.empty()) {
    g_object_set(quality, "model-file", engine_.model.c_str(), nullptr);
  }
  g_object_set(quality, "device", engine_.device.c_str(), "crops",
               static_cast<guint>(source_.crops), nullptr);
  gst_util_set_object_arg(G_OBJECT(quality), "precision",
                          engine_.precision.c_str());
  gint numerator = 0;
  gint denominator = 1;
  gst_util_double_to_fraction(source_.max_rate, &numerator, &denominator);
  g_object_set(quality, "max-rate", numerator, denominator, nullptr);
  ChooseMode(quality);
  GstPad* pad = gst_element_get_static_pad(quality, "src");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, OnBuffer, this, nullptr);
  gst_object_unref(pad);
}

void PipelineRun::ChooseMode(GstElement* quality) {
  const bool has_live = g_object_class_find_property(
                            G_OBJECT_GET_CLASS(quality), "mode") != nullptr;
  if (source_.mode == "live" && !has_live) {
    throw Error(ErrorCode::kUsage,
                "this version of the element graphiqa has no live mode; set "
                "mode to sync or auto");
  }
  const bool live = has_live && source_.mode != "sync";
  if (has_live) {
    gst_util_set_object_arg(G_OBJECT(quality), "mode", live ? "live" : "sync");
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  report_.mode = live ? "live" : "sync";
}

void PipelineRun::GoUp() {
  // A live source has no preroll. What cannot be scored in time is dropped, so
  // that a slow engine adds no delay; and it keeps real time by itself: a sink
  // that waited for the latency of the source, 2 s with RTSP, would have the
  // gate drop nearly all, and one that waited for a clock that has jumped would
  // wait for hours. From a file nothing is dropped.
  const GstStateChangeReturn paused =
      gst_element_set_state(pipeline_, GST_STATE_PAUSED);
  if (paused == GST_STATE_CHANGE_NO_PREROLL) {
    Set("gate", "leaky", kQueueLeakyDownstream);
    Set("sink", "sync", FALSE);
  }
  if (paused == GST_STATE_CHANGE_FAILURE ||
      gst_element_set_state(pipeline_, GST_STATE_PLAYING) ==
          GST_STATE_CHANGE_FAILURE) {
    Fail("cannot be played");
  }
}

void PipelineRun::Set(const char* element, const char* property, gint value) {
  GstElement* found = Named(pipeline_, element);
  g_object_set(found, property, value, nullptr);
  gst_object_unref(found);
}

bool PipelineRun::Serve() {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait_for(lock, kStatsEvery, [this] {
    return stop_ || ended_ || latency_changed_ || clock_lost_;
  });
  if (stop_) return false;
  const bool ended = std::exchange(ended_, false);
  const bool latency = std::exchange(latency_changed_, false);
  const bool clock = std::exchange(clock_lost_, false);
  if (ended && !source_.loop) report_.seen.ended = true;
  lock.unlock();
  if (ended && source_.loop) StartAgain();
  if (latency) gst_bin_recalculate_latency(GST_BIN(pipeline_));
  if (clock) {
    gst_element_set_state(pipeline_, GST_STATE_PAUSED);
    gst_element_set_state(pipeline_, GST_STATE_PLAYING);
  }
  return true;
}

void PipelineRun::StartAgain() {
  if (gst_element_seek_simple(pipeline_, GST_FORMAT_TIME,
                              static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH |
                                                        GST_SEEK_FLAG_KEY_UNIT),
                              0) == FALSE) {
    Fail("ended, and cannot be played again from its start");
  }
}

void PipelineRun::ReadStats() {
  GstStructure* fields = nullptr;
  g_object_get(quality_, "stats", &fields, nullptr);
  if (fields == nullptr) return;
  const EngineStats stats = StatsFrom(fields);
  gst_structure_free(fields);
  const std::lock_guard<std::mutex> lock(mutex_);
  report_.stats = stats;
}

void PipelineRun::Fail(const std::string& error) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (report_.seen.failed) return;  // the first error is the cause
  report_.seen.failed = true;
  report_.seen.error = error;
}

GstBusSyncReply PipelineRun::OnMessage(GstBus*, GstMessage* message,
                                       gpointer data) {
  auto* self = static_cast<PipelineRun*>(data);
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_ELEMENT:
      self->OnElementMessage(gst_message_get_structure(message));
      break;
    case GST_MESSAGE_ERROR:
      self->OnError(message);
      break;
    case GST_MESSAGE_EOS:
    case GST_MESSAGE_LATENCY:
    case GST_MESSAGE_CLOCK_LOST: {
      const std::lock_guard<std::mutex> lock(self->mutex_);
      self->ended_ |= GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS;
      self->latency_changed_ |=
          GST_MESSAGE_TYPE(message) == GST_MESSAGE_LATENCY;
      self->clock_lost_ |= GST_MESSAGE_TYPE(message) == GST_MESSAGE_CLOCK_LOST;
      self->changed_.notify_all();
      break;
    }
    default:
      break;
  }
  gst_message_unref(message);
  return GST_BUS_DROP;
}

void PipelineRun::OnElementMessage(const GstStructure* fields) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (gst_structure_has_name(fields, "graphiqa")) {
    if (report_.samples.size() >= kMaxSamples) {
      ++report_.lost_samples;
      return;
    }
    report_.samples.push_back(SampleFrom(fields, MonotonicNow()));
  } else if (gst_structure_has_name(fields, "graphiqa-health")) {
    const gchar* reason = gst_structure_get_string(fields, "reason");
    report_.health = reason != nullptr ? reason : "";  // recovered
  } else if (gst_structure_has_name(fields, "missing-plugin")) {
    const gchar* name = gst_structure_get_string(fields, "name");
    if (name != nullptr) missing_ = std::string(" (missing: ") + name + ")";
  }
}

void PipelineRun::OnError(GstMessage* message) {
  GError* error = nullptr;
  gst_message_parse_error(message, &error, nullptr);
  std::string text = error->message;
  if (g_error_matches(error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN)) {
    const std::lock_guard<std::mutex> lock(mutex_);
    text = "there is no video that this GStreamer can decode" + missing_;
  }
  g_error_free(error);
  Fail(text);
}

GstPadProbeReturn PipelineRun::OnBuffer(GstPad*, GstPadProbeInfo* info,
                                        gpointer self) {
  static_cast<PipelineRun*>(self)->OnFrame(GST_PAD_PROBE_INFO_BUFFER(info));
  return GST_PAD_PROBE_OK;
}

void PipelineRun::OnFrame(GstBuffer* buffer) {
  const GstStructure* quality = QualityOf(buffer);
  const gchar* picture = quality != nullptr
                             ? gst_structure_get_string(quality, "picture")
                             : nullptr;
  const double now = MonotonicNow();
  const std::lock_guard<std::mutex> lock(mutex_);
  if (picture != nullptr) report_.picture = picture;
  // Frames whose clock stands still are no sign of life.
  const GstClockTime pts = GST_BUFFER_PTS(buffer);
  if (GST_CLOCK_TIME_IS_VALID(pts) && pts == last_pts_) return;
  last_pts_ = pts;
  ++report_.seen.frames;
  report_.seen.last_frame = now;
}

void PipelineRun::RequestStop() {
  const std::lock_guard<std::mutex> lock(mutex_);
  stop_ = true;
  changed_.notify_all();
}

bool PipelineRun::finished() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return finished_;
}

RunReport PipelineRun::Take() {
  const std::lock_guard<std::mutex> lock(mutex_);
  RunReport taken = report_;
  report_.samples.clear();
  report_.lost_samples = 0;
  return taken;
}

GstSample* PipelineRun::NewestFrame() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (sink_ == nullptr) return nullptr;
  GstSample* sample = nullptr;
  g_object_get(sink_, "last-sample", &sample, nullptr);
  return sample;
}

}  // namespace graphiqa
