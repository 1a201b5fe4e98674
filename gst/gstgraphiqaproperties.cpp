// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// The element's properties. Those of the engine and the mode may be set in NULL
// and READY, the others always.
#include <string>

#include "gstgraphiqapriv.h"

enum {
  PROP_0,
  PROP_MODEL_FILE,
  PROP_DEVICE,
  PROP_PRECISION,
  PROP_BATCH_SIZE,
  PROP_BATCH_TIMEOUT,
  PROP_MODE,
  PROP_INTERVAL,
  PROP_MAX_RATE,
  PROP_CROPS,
  PROP_MAX_IN_FLIGHT,
  PROP_MESSAGE,
  PROP_HEATMAP,
  PROP_ALARM_BELOW,
  PROP_ALARM_RAISE_TIME,
  PROP_ALARM_CLEAR_TIME,
  PROP_STATS,
};

#define DEFAULT_MODEL_FILE nullptr
#define DEFAULT_DEVICE "auto"
#define DEFAULT_PRECISION graphiqa::Precision::kAuto
#define DEFAULT_BATCH_SIZE 0
#define DEFAULT_BATCH_TIMEOUT (2 * GST_MSECOND)
#define DEFAULT_MODE graphiqa::Mode::kSync
#define DEFAULT_INTERVAL 1
#define DEFAULT_MAX_RATE_N 0
#define DEFAULT_MAX_RATE_D 1
#define DEFAULT_CROPS 0
#define DEFAULT_MAX_IN_FLIGHT 4
#define DEFAULT_MESSAGE FALSE
#define DEFAULT_HEATMAP FALSE
#define DEFAULT_ALARM_BELOW 0.0
#define DEFAULT_ALARM_RAISE_TIME (5 * GST_SECOND)
#define DEFAULT_ALARM_CLEAR_TIME (10 * GST_SECOND)
#define MAX_BATCH_SIZE 1024
#define MAX_BATCH_TIMEOUT GST_SECOND
#define MAX_CROPS 256
#define MAX_MAX_IN_FLIGHT 256

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

#define GST_TYPE_GRAPHIQA_MODE (gst_graphiqa_mode_get_type())
static GType gst_graphiqa_mode_get_type(void) {
  static gsize type = 0;
  static const GEnumValue values[] = {
      {static_cast<gint>(graphiqa::Mode::kSync),
       "a chosen frame leaves with its own result", "sync"},
      {static_cast<gint>(graphiqa::Mode::kLive),
       "a frame leaves at once with the newest result known", "live"},
      {0, nullptr, nullptr}};
  if (g_once_init_enter(&type)) {
    g_once_init_leave(&type, g_enum_register_static("GstGraphiqaMode", values));
  }
  return type;
}

namespace {

using graphiqa::ObjectLock;

}  // namespace

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
    case PROP_BATCH_SIZE:
      priv->engine.batch_size = g_value_get_uint(value);
      break;
    case PROP_BATCH_TIMEOUT:
      priv->engine.batch_timeout = g_value_get_uint64(value);
      break;
    case PROP_MODE:
      priv->mode = static_cast<graphiqa::Mode>(g_value_get_enum(value));
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
    case PROP_ALARM_BELOW:
      priv->frames.alarm.below = g_value_get_double(value);
      break;
    case PROP_ALARM_RAISE_TIME:
      priv->frames.alarm.raise_time = g_value_get_uint64(value);
      break;
    case PROP_ALARM_CLEAR_TIME:
      priv->frames.alarm.clear_time = g_value_get_uint64(value);
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
    case PROP_BATCH_SIZE:
      g_value_set_uint(value, priv->engine.batch_size);
      break;
    case PROP_BATCH_TIMEOUT:
      g_value_set_uint64(value, priv->engine.batch_timeout);
      break;
    case PROP_MODE:
      g_value_set_enum(value, static_cast<gint>(priv->mode));
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
    case PROP_ALARM_BELOW:
      g_value_set_double(value, priv->frames.alarm.below);
      break;
    case PROP_ALARM_RAISE_TIME:
      g_value_set_uint64(value, priv->frames.alarm.raise_time);
      break;
    case PROP_ALARM_CLEAR_TIME:
      g_value_set_uint64(value, priv->frames.alarm.clear_time);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
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
   * GstGraphiqa:batch-size:
   *
   * Elements that share an engine share its passes; the least that one of them
   * asks for counts.
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_BATCH_SIZE,
      g_param_spec_uint("batch-size", "Batch size",
                        "Most views in one forward pass over all elements that "
                        "share the engine (0 = what the device prefers)",
                        0, MAX_BATCH_SIZE, DEFAULT_BATCH_SIZE, kEngineFlags));
  /**
   * GstGraphiqa:batch-timeout:
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_BATCH_TIMEOUT,
      g_param_spec_uint64("batch-timeout", "Batch timeout",
                          "Longest wait in ns for other streams to fill a "
                          "batch",
                          0, MAX_BATCH_TIMEOUT, DEFAULT_BATCH_TIMEOUT,
                          kEngineFlags));
}

void InstallModeProperties(GObjectClass* klass) {
  /**
   * GstGraphiqa:mode:
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_MODE,
      g_param_spec_enum("mode", "Mode", "Whether frames wait for their results",
                        GST_TYPE_GRAPHIQA_MODE, static_cast<gint>(DEFAULT_MODE),
                        kEngineFlags));
  /**
   * GstGraphiqa:max-in-flight:
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_MAX_IN_FLIGHT,
      g_param_spec_uint("max-in-flight", "Most frames in flight",
                        "Number of frames that may be inside the element at "
                        "one time in sync mode; counted in the LATENCY query",
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
   * `frames-held`, `frames-skipped`, `frames-failed`, `frames-unscored`
   * (guint64), `scoring-rate` (gdouble, scored frames per second of real time
   * over the last ten seconds), `mean-batch` (gdouble, views per pass of the
   * engine), `queue-time`, `inference-time` (guint64, nanoseconds, mean per
   * scored frame), `latency-p50`, `latency-p99` (guint64, nanoseconds from a
   * frame's arrival to its result, over the last 1024 scored frames),
   * `batch-views` (guint64, views that the engine has scored for all its
   * users), `batch-sizes` (GstValueArray of guint64: passes of the engine of up
   * to 1, 2, 4, … 256 views, and of more).
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_STATS,
      g_param_spec_boxed(
          "stats", "Statistics",
          "Frames in, scored, held, skipped, failed and unscored, scored "
          "frames per second, batch size, and times in ns",
          GST_TYPE_STRUCTURE,
          static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
}

void InstallAlarmProperties(GObjectClass* klass) {
  /**
   * GstGraphiqa:alarm-below:
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_ALARM_BELOW,
      g_param_spec_double("alarm-below", "Alarm below",
                          "Post a message named graphiqa-alarm when the score "
                          "stays below, or the picture stays black, flat or "
                          "frozen (0 = off)",
                          0, 100, DEFAULT_ALARM_BELOW, kFrameFlags));
  /**
   * GstGraphiqa:alarm-raise-time:
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_ALARM_RAISE_TIME,
      g_param_spec_uint64("alarm-raise-time", "Alarm raise time",
                          "Time in ns without a break before an alarm is "
                          "raised",
                          0, G_MAXUINT64, DEFAULT_ALARM_RAISE_TIME,
                          kFrameFlags));
  /**
   * GstGraphiqa:alarm-clear-time:
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_ALARM_CLEAR_TIME,
      g_param_spec_uint64("alarm-clear-time", "Alarm clear time",
                          "Time in ns without a break before an alarm is "
                          "cleared",
                          0, G_MAXUINT64, DEFAULT_ALARM_CLEAR_TIME,
                          kFrameFlags));
}

}  // namespace

void gst_graphiqa_class_init_properties(GObjectClass* klass) {
  klass->set_property = GST_DEBUG_FUNCPTR(gst_graphiqa_set_property);
  klass->get_property = GST_DEBUG_FUNCPTR(gst_graphiqa_get_property);
  InstallEngineProperties(klass);
  InstallModeProperties(klass);
  InstallChoiceProperties(klass);
  InstallReportProperties(klass);
  InstallAlarmProperties(klass);
  gst_type_mark_as_plugin_api(GST_TYPE_GRAPHIQA_PRECISION,
                              static_cast<GstPluginAPIFlags>(0));
  gst_type_mark_as_plugin_api(GST_TYPE_GRAPHIQA_MODE,
                              static_cast<GstPluginAPIFlags>(0));
}
