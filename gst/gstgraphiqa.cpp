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
 * ## Metadata
 * Every frame leaves with a #GstCustomMeta named `GraphiqaMeta`: `version`,
 * `state` (`fresh`, `held`, `skipped`), `score` (0 to 100, higher is better),
 * `uncertainty`, `distortion`, `distortion-index`, `confidence`,
 * `probabilities`, `level`, `picture` (`normal`, `black`, `flat`, `frozen`),
 * `scored-pts`, `age`, `latency`, `model`, `crops`, `heatmap`. What is not
 * known is absent: a model without a trained type head tells no distortion.
 * Programs in C include `gst/graphiqa/gstgraphiqameta.h` (pkg-config
 * `gstreamer-graphiqa-1.0`); other languages read the fields by name.
 *
 * ## Order and delay
 * Frames, events and queries leave in the order in which they came, from a
 * thread of the element's own; up to #GstGraphiqa:max-in-flight frames are
 * inside, and the LATENCY query counts them with the frame rate of the caps
 * (25 frames per second where the caps have none).
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

enum {
  PROP_0,
  PROP_MODEL_FILE,
  PROP_DEVICE,
  PROP_PRECISION,
  PROP_INTERVAL,
  PROP_MAX_RATE,
  PROP_CROPS,
  PROP_MAX_IN_FLIGHT,
  PROP_MESSAGE,
  PROP_HEATMAP,
  PROP_STATS,
};

#define DEFAULT_MODEL_FILE nullptr
#define DEFAULT_DEVICE "auto"
#define DEFAULT_PRECISION graphiqa::Precision::kAuto
#define DEFAULT_INTERVAL 1
#define DEFAULT_MAX_RATE_N 0
#define DEFAULT_MAX_RATE_D 1
#define DEFAULT_CROPS 0
#define DEFAULT_MAX_IN_FLIGHT 4
#define DEFAULT_MESSAGE FALSE
#define DEFAULT_HEATMAP FALSE
#define MAX_CROPS 256
#define MAX_MAX_IN_FLIGHT 256

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

#define GST_TYPE_GRAPHIQA_PRECISION (gst_graphiqa_precision_get_type())
static GType gst_graphiqa_precision_get_type(void) {
  static gsize type = 0;
  static const GEnumValue values[] = {
      {static_cast<gint>(graphiqa::Precision::kAuto),
       "bf16 where the device computes it faster, else fp32", "auto"},
      {static_cast<gint>(graphiqa::Precision::kFp32), "32-bit float", "fp32"},
      {static_cast<gint>(graphiqa::Precision::kBf16), "bfloat16", "bf16"},
      {static_cast<gint>(graphiqa::Precision::kFp16),
       "16-bit float (CUDA devices)", "fp16"},
      {0, nullptr, nullptr}};
  if (g_once_init_enter(&type)) {
    g_once_init_leave(&type,
                      g_enum_register_static("GstGraphiqaPrecision", values));
  }
  return type;
}

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
  std::shared_ptr<graphiqa::Scorer> scorer =
      graphiqa::OpenScorer(OptionsFor(wanted));
  const graphiqa::ModelDescription& model = scorer->model();
  GST_INFO_OBJECT(self, "model %s@%s (%s) on %s", model.name.c_str(),
                  model.short_hash.c_str(), model.backbone.c_str(),
                  model.device.c_str());
  priv->flow.Open(std::move(scorer));
  priv->opened = wanted;
}

}  // namespace

// --- Element ---------------------------------------------------------------

namespace {

/// @returns whether the element may go up; else an error is on the bus
bool OpenFor(GstGraphiqa* self, GstStateChange transition) {
  return Guard(self, ReportOpenError, false, [&] {
    EnsureEngine(self, transition == GST_STATE_CHANGE_NULL_TO_READY);
    return true;
  });
}

}  // namespace

static GstStateChangeReturn gst_graphiqa_change_state(
    GstElement* element, GstStateChange transition) {
  auto* self = GST_GRAPHIQA(element);
  GstGraphiqaPrivate* priv = self->priv;
  const bool up = transition == GST_STATE_CHANGE_NULL_TO_READY ||
                  transition == GST_STATE_CHANGE_READY_TO_PAUSED;
  if (up && !OpenFor(self, transition)) return GST_STATE_CHANGE_FAILURE;
  const GstStateChangeReturn result =
      GST_ELEMENT_CLASS(gst_graphiqa_parent_class)
          ->change_state(element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    priv->flow.Reset();
    priv->flow.StartStream();
  }
  if (transition == GST_STATE_CHANGE_READY_TO_NULL) priv->flow.Close();
  return result;
}

static void gst_graphiqa_set_property(GObject* object, guint id,
                                      const GValue* value, GParamSpec* pspec) {
  auto* self = GST_GRAPHIQA(object);
  GstGraphiqaPrivate* priv = self->priv;
  const ObjectLock lock(self);
  const auto text = [value] {
    const gchar* string = g_value_get_string(value);
    return std::string(string != nullptr ? string : "");
  };
  switch (id) {
    case PROP_MODEL_FILE:
      priv->engine.has_model_file = g_value_get_string(value) != nullptr;
      priv->engine.model_file = text();
      break;
    case PROP_DEVICE:
      priv->engine.device = text();
      break;
    case PROP_PRECISION:
      priv->engine.precision =
          static_cast<graphiqa::Precision>(g_value_get_enum(value));
      break;
    case PROP_INTERVAL:
      priv->frames.rule.interval = g_value_get_uint(value);
      break;
    case PROP_MAX_RATE:
      priv->frames.rule.rate_n = gst_value_get_fraction_numerator(value);
      priv->frames.rule.rate_d = gst_value_get_fraction_denominator(value);
      break;
    case PROP_CROPS:
      priv->frames.crops = g_value_get_uint(value);
      break;
    case PROP_MAX_IN_FLIGHT:
      priv->frames.max_in_flight = g_value_get_uint(value);
      break;
    case PROP_MESSAGE:
      priv->frames.message = g_value_get_boolean(value);
      break;
    case PROP_HEATMAP:
      priv->frames.heatmap = g_value_get_boolean(value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void gst_graphiqa_get_property(GObject* object, guint id, GValue* value,
                                      GParamSpec* pspec) {
  auto* self = GST_GRAPHIQA(object);
  GstGraphiqaPrivate* priv = self->priv;
  if (id == PROP_STATS) {
    g_value_take_boxed(value, priv->flow.Statistics());
    return;
  }
  const ObjectLock lock(self);
  switch (id) {
    case PROP_MODEL_FILE:
      g_value_set_string(value, priv->engine.has_model_file
                                    ? priv->engine.model_file.c_str()
                                    : nullptr);
      break;
    case PROP_DEVICE:
      g_value_set_string(value, priv->engine.device.c_str());
      break;
    case PROP_PRECISION:
      g_value_set_enum(value, static_cast<gint>(priv->engine.precision));
      break;
    case PROP_INTERVAL:
      g_value_set_uint(value, priv->frames.rule.interval);
      break;
    case PROP_MAX_RATE:
      gst_value_set_fraction(value, priv->frames.rule.rate_n,
                             priv->frames.rule.rate_d);
      break;
    case PROP_CROPS:
      g_value_set_uint(value, priv->frames.crops);
      break;
    case PROP_MAX_IN_FLIGHT:
      g_value_set_uint(value, priv->frames.max_in_flight);
      break;
    case PROP_MESSAGE:
      g_value_set_boolean(value, priv->frames.message);
      break;
    case PROP_HEATMAP:
      g_value_set_boolean(value, priv->frames.heatmap);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void gst_graphiqa_finalize(GObject* object) {
  delete GST_GRAPHIQA(object)->priv;
  G_OBJECT_CLASS(gst_graphiqa_parent_class)->finalize(object);
}

namespace {

constexpr auto kEngineFlags = static_cast<GParamFlags>(
    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
constexpr auto kFrameFlags = static_cast<GParamFlags>(
    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);

void InstallEngineProperties(GObjectClass* klass) {
  /**
   * GstGraphiqa:model-file:
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_MODEL_FILE,
      g_param_spec_string("model-file", "Model file",
                          "Path of the safetensors model (null = the "
                          "installed default model)",
                          DEFAULT_MODEL_FILE, kEngineFlags));
  /**
   * GstGraphiqa:device:
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_DEVICE,
      g_param_spec_string("device", "Device",
                          "What computes: auto (a GPU where one is usable, "
                          "else the CPU), cpu, cuda or cuda:N",
                          DEFAULT_DEVICE, kEngineFlags));
  /**
   * GstGraphiqa:precision:
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_PRECISION,
      g_param_spec_enum("precision", "Precision",
                        "Number format that the network is computed in",
                        GST_TYPE_GRAPHIQA_PRECISION,
                        static_cast<gint>(DEFAULT_PRECISION), kEngineFlags));
  /**
   * GstGraphiqa:max-in-flight:
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_MAX_IN_FLIGHT,
      g_param_spec_uint("max-in-flight", "Most frames in flight",
                        "Number of frames that may be inside the element at "
                        "one time; counted in the LATENCY query",
                        1, MAX_MAX_IN_FLIGHT, DEFAULT_MAX_IN_FLIGHT,
                        kEngineFlags));
}

void InstallChoiceProperties(GObjectClass* klass) {
  /**
   * GstGraphiqa:interval:
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_INTERVAL,
      g_param_spec_uint("interval", "Interval",
                        "Score every n-th frame; the others carry the result "
                        "held from before",
                        1, G_MAXUINT, DEFAULT_INTERVAL, kFrameFlags));
  /**
   * GstGraphiqa:max-rate:
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_MAX_RATE,
      gst_param_spec_fraction("max-rate", "Most scored frames per second",
                              "At most so many scored frames per second of "
                              "stream time (0/1 = no limit)",
                              0, 1, G_MAXINT, 1, DEFAULT_MAX_RATE_N,
                              DEFAULT_MAX_RATE_D, kFrameFlags));
  /**
   * GstGraphiqa:crops:
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_CROPS,
      g_param_spec_uint("crops", "Crops",
                        "Number of views of each scored frame (0 = the "
                        "model's own number)",
                        0, MAX_CROPS, DEFAULT_CROPS, kFrameFlags));
}

void InstallReportProperties(GObjectClass* klass) {
  /**
   * GstGraphiqa:message:
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_MESSAGE,
      g_param_spec_boolean("message", "Message",
                           "Post an element message named graphiqa for each "
                           "scored frame",
                           DEFAULT_MESSAGE, kFrameFlags));
  /**
   * GstGraphiqa:heatmap:
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_HEATMAP,
      g_param_spec_boolean("heatmap", "Heat map",
                           "Keep the score of each view with its position in "
                           "the metadata",
                           DEFAULT_HEATMAP, kFrameFlags));
  /**
   * GstGraphiqa:stats:
   *
   * Counters since the model was opened: `frames-in`, `frames-scored`,
   * `frames-held`, `frames-skipped`, `frames-failed` (guint64), `mean-batch`
   * (gdouble, views per pass of the engine), `queue-time`, `inference-time`
   * (guint64, nanoseconds, mean per scored frame), `latency-p50`,
   * `latency-p99` (guint64, nanoseconds from a frame's arrival to its result,
   * over the last 1024 scored frames).
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_STATS,
      g_param_spec_boxed(
          "stats", "Statistics",
          "Frames in, scored, held, skipped and failed, batch "
          "size, and times in ns",
          GST_TYPE_STRUCTURE,
          static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
}

}  // namespace

static void gst_graphiqa_class_init(GstGraphiqaClass* klass) {
  auto* gobject_class = G_OBJECT_CLASS(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  GST_DEBUG_CATEGORY_INIT(gst_graphiqa_debug, "graphiqa", 0,
                          "no-reference video quality");
  gst_graphiqa_meta_register();

  gobject_class->set_property = GST_DEBUG_FUNCPTR(gst_graphiqa_set_property);
  gobject_class->get_property = GST_DEBUG_FUNCPTR(gst_graphiqa_get_property);
  gobject_class->finalize = GST_DEBUG_FUNCPTR(gst_graphiqa_finalize);
  element_class->change_state = GST_DEBUG_FUNCPTR(gst_graphiqa_change_state);
  InstallEngineProperties(gobject_class);
  InstallChoiceProperties(gobject_class);
  InstallReportProperties(gobject_class);

  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(
      element_class, "GraphIQA video quality", "Filter/Analyzer/Video",
      "Scores the picture quality of video without a reference",
      "The graphiqa authors");
  gst_type_mark_as_plugin_api(GST_TYPE_GRAPHIQA_PRECISION,
                              static_cast<GstPluginAPIFlags>(0));
}

static void gst_graphiqa_init(GstGraphiqa* self) {
  self->priv = new GstGraphiqaPrivate;
  gst_graphiqa_add_pads(self, &sink_template, &src_template);
}
