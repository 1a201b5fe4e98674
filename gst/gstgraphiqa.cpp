// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/**
 * SECTION:element-graphiqa
 * @title: graphiqa
 * @short_description: scores the picture quality of video without a reference
 *
 * Scores frames with a GraphIQA network (arXiv 2103.07666) and puts the result
 * on each frame as metadata. Pixels are not touched, and no frame is dropped.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 -m uridecodebin uri=file:///clip.mp4 ! videoconvert ! \
 *     graphiqa message=true ! fakesink
 * ]|
 * Plays a file and prints one message `graphiqa` per scored frame.
 *
 * |[
 * gst-launch-1.0 videotestsrc ! graphiqa interval=25 max-in-flight=2 ! \
 *     autovideosink
 * ]|
 * Scores every 25th frame; the frames between carry the held result.
 *
 * |[
 * gst-launch-1.0 -m udpsrc port=5004 ! tsdemux ! decodebin ! videoconvert ! \
 *     graphiqa mode=live alarm-below=40 ! autovideosink
 * ]|
 * Watches a live stream without delaying it, and posts alarms.
 *
 * ## Metadata
 * Every frame leaves with a #GstCustomMeta named `GraphiqaMeta`: `version`,
 * `state` (`fresh`, `held`, `skipped`, `failed`), `score` (0 to 100, higher is
 * better), `uncertainty`, `distortion`, `distortion-index`, `confidence`,
 * `probabilities`, `level`, `picture` (`normal`, `black`, `flat`, `frozen`),
 * `scored-pts`, `age`, `latency`, `model`, `crops`, `heatmap`. What is not
 * known is absent: a model without a trained type head tells no distortion.
 * Programs in C include `gst/graphiqa/gstgraphiqameta.h` (pkg-config
 * `gstreamer-graphiqa-1.0`); other languages read the fields by name.
 *
 * ## Order and delay
 * Frames, events and queries leave in the order in which they came. In sync
 * mode they leave from a thread of the element's own; up to
 * #GstGraphiqa:max-in-flight frames are inside, and the LATENCY query counts
 * them with the frame rate of the caps (25 frames per second where the caps
 * have none). In live mode they leave at once from the streaming thread, with
 * the newest result known, and the newest frame is scored in the background.
 *
 * ## Alarms and trouble
 * With #GstGraphiqa:alarm-below messages `graphiqa-alarm` are posted: `state`
 * (`raised`, `cleared`), `reason` (`low-quality`, `black`, `flat`, `frozen`),
 * `since`, `running-time`, `score`. In live mode messages `graphiqa-health`
 * (`state`: `failing`, `lost`, `recovered`) tell when scoring fails, and QOS
 * messages when frames go unscored.
 *
 * ## Model
 * A safetensors file of format `graphiqa-model`; it is opened, and LibTorch
 * loaded, when the element goes from NULL to READY.
 *
 * Since: 0.1
 */

#include "gstgraphiqa.h"

#include <gst/video/video.h>

#include <memory>
#include <string>
#include <utility>

#include "gst/graphiqa/gstgraphiqameta.h"
#include "gstgraphiqapriv.h"
#include "scorer.h"

GST_DEBUG_CATEGORY(gst_graphiqa_debug);
#define GST_CAT_DEFAULT gst_graphiqa_debug

// Without frame rate and interlace mode: caps that leave them out are welcome.
#define GRAPHIQA_CAPS                                                     \
  "video/x-raw, "                                                         \
  "format = (string) { NV12, NV21, I420, YV12, Y42B, Y444, P010_10LE, "   \
  "I420_10LE, YUY2, UYVY, RGB, BGR, RGBA, BGRA, RGBx, BGRx, ARGB, ABGR, " \
  "GRAY8 }, "                                                             \
  "width = (int) [ 16, MAX ], height = (int) [ 16, MAX ]"

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE(
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(GRAPHIQA_CAPS));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE(
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(GRAPHIQA_CAPS));

G_DEFINE_TYPE(GstGraphiqa, gst_graphiqa, GST_TYPE_ELEMENT)
GST_ELEMENT_REGISTER_DEFINE(graphiqa, "graphiqa", GST_RANK_NONE,
                            GST_TYPE_GRAPHIQA)

namespace graphiqa {

/// Posts why the engine could not be opened.
void ReportOpenError(GstGraphiqa* self, const Error& error) {
  const char* text = error.what();
  const auto code = static_cast<int>(error.code());
  switch (error.code()) {
    case ErrorCode::kNotFound:
      GST_ELEMENT_ERROR(self, RESOURCE, NOT_FOUND, ("%s", text),
                        ("opening the model failed, code %d", code));
      return;
    case ErrorCode::kFile:
      GST_ELEMENT_ERROR(self, RESOURCE, OPEN_READ, ("%s", text),
                        ("opening the model failed, code %d", code));
      return;
    case ErrorCode::kDevice:
      GST_ELEMENT_ERROR(self, RESOURCE, FAILED, ("%s", text),
                        ("opening the model failed, code %d", code));
      return;
    case ErrorCode::kUsage:
      GST_ELEMENT_ERROR(self, LIBRARY, SETTINGS, ("%s", text),
                        ("opening the model failed, code %d", code));
      return;
    default:
      GST_ELEMENT_ERROR(self, LIBRARY, INIT, ("%s", text),
                        ("opening the model failed, code %d", code));
  }
}

/// Posts why a frame could not be scored.
void ReportFrameError(GstGraphiqa* self, const Error& error) {
  GST_ELEMENT_ERROR(
      self, STREAM, FAILED, ("A frame could not be scored: %s", error.what()),
      ("scoring failed, code %d", static_cast<int>(error.code())));
}

}  // namespace graphiqa

namespace {

using graphiqa::EngineSettings;
using graphiqa::Error;
using graphiqa::ErrorCode;
using graphiqa::Guard;
using graphiqa::ObjectLock;
using graphiqa::ReportOpenError;

// --- Engine ----------------------------------------------------------------

graphiqa::ScorerOptions OptionsFor(const EngineSettings& settings) {
  if (settings.has_model_file && settings.model_file.empty()) {
    throw Error(ErrorCode::kNotFound,
                "model-file is empty: name a model, or leave the property "
                "alone for the default model");
  }
  graphiqa::ScorerOptions options;
  options.model_file = settings.has_model_file ? settings.model_file
                                               : graphiqa::DefaultModelFile();
  options.device = settings.device;
  options.precision = settings.precision;
  options.batch_size = static_cast<int>(settings.batch_size);
  options.batch_timeout_ns = static_cast<int64_t>(settings.batch_timeout);
  return options;
}

/// Opens the engine that the properties ask for, unless it is open.
void EnsureEngine(GstGraphiqa* self, bool reopen) {
  GstGraphiqaPrivate* priv = self->priv;
  EngineSettings wanted;
  {
    const ObjectLock lock(self);
    wanted = priv->engine;
  }
  if (!reopen && priv->flow.is_open() && wanted == priv->opened) return;
  priv->flow.Close();
  priv->flow.Open(OptionsFor(wanted));
  priv->opened = wanted;
}

}  // namespace

// --- Element ---------------------------------------------------------------

namespace {

/// The mode holds until the element goes back to READY.
void StartMode(GstGraphiqa* self) {
  GstGraphiqaPrivate* priv = self->priv;
  {
    const ObjectLock lock(self);
    priv->live = priv->mode == graphiqa::Mode::kLive;
  }
  if (priv->live) priv->flow.StartLive();
}

/// @returns whether the element may go up; else an error is on the bus
bool GoUp(GstGraphiqa* self, GstStateChange transition) {
  return Guard(self, ReportOpenError, false, [&] {
    EnsureEngine(self, transition == GST_STATE_CHANGE_NULL_TO_READY);
    if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) StartMode(self);
    return true;
  });
}

/// The pads stand still.
void ToReady(GstGraphiqa* self) {
  graphiqa::FrameFlow& flow = self->priv->flow;
  flow.StopLive();
  flow.Reset();
  flow.ResetAlarms();
  flow.StartStream();
}

}  // namespace

static GstStateChangeReturn gst_graphiqa_change_state(
    GstElement* element, GstStateChange transition) {
  auto* self = GST_GRAPHIQA(element);
  GstGraphiqaPrivate* priv = self->priv;
  const bool up = transition == GST_STATE_CHANGE_NULL_TO_READY ||
                  transition == GST_STATE_CHANGE_READY_TO_PAUSED;
  if (up && !GoUp(self, transition)) return GST_STATE_CHANGE_FAILURE;
  const GstStateChangeReturn result =
      GST_ELEMENT_CLASS(gst_graphiqa_parent_class)
          ->change_state(element, transition);
  const bool up_failed = transition == GST_STATE_CHANGE_READY_TO_PAUSED &&
                         result == GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY || up_failed) {
    ToReady(self);
  }
  if (transition == GST_STATE_CHANGE_READY_TO_NULL) priv->flow.Close();
  return result;
}

static void gst_graphiqa_finalize(GObject* object) {
  delete GST_GRAPHIQA(object)->priv;
  G_OBJECT_CLASS(gst_graphiqa_parent_class)->finalize(object);
}

static void gst_graphiqa_class_init(GstGraphiqaClass* klass) {
  auto* gobject_class = G_OBJECT_CLASS(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  GST_DEBUG_CATEGORY_INIT(gst_graphiqa_debug, "graphiqa", 0,
                          "no-reference video quality");
  gst_graphiqa_meta_register();

  gobject_class->finalize = GST_DEBUG_FUNCPTR(gst_graphiqa_finalize);
  element_class->change_state = GST_DEBUG_FUNCPTR(gst_graphiqa_change_state);
  gst_graphiqa_class_init_properties(gobject_class);

  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(
      element_class, "GraphIQA video quality", "Filter/Analyzer/Video",
      "Scores the picture quality of video without a reference",
      "The graphiqa authors");
}

static void gst_graphiqa_init(GstGraphiqa* self) {
  self->priv = new GstGraphiqaPrivate(GST_ELEMENT(self));
  gst_graphiqa_add_pads(self, &sink_template, &src_template);
}
