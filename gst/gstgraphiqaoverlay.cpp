// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/**
 * SECTION:element-graphiqaoverlay
 * @title: graphiqaoverlay
 * @short_description: draws what `graphiqa` found on the picture
 *
 * Draws the metadata `GraphiqaMeta` of each frame on the frame: score and
 * uncertainty, type and level of the distortion where the model tells them,
 * what is unusual about result or picture, the scores of the last seconds as a
 * curve, and the heat map where there is one. Frames without the
 * metadata pass untouched.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 uridecodebin uri=file:///clip.mp4 ! videoconvert ! \
 *     graphiqa max-rate=5 heatmap=true ! graphiqaoverlay ! videoconvert ! \
 *     autovideosink
 * ]|
 *
 * Where downstream draws overlays itself (#GstVideoOverlayCompositionMeta), the
 * overlay is attached to the frame; elsewhere it is blended into it. Both, and
 * the negotiation, are done by the element `overlaycomposition` of
 * gst-plugins-base, which this bin holds.
 *
 * Since: 0.1
 */

#include "gstgraphiqaoverlay.h"

#include <gst/video/video.h>

#include <exception>

#include "gst/graphiqa/gstgraphiqameta.h"
#include "gstgraphiqaoverlaypainter.h"

GST_DEBUG_CATEGORY_STATIC(gst_graphiqa_overlay_debug);
#define GST_CAT_DEFAULT gst_graphiqa_overlay_debug

enum {
  PROP_0,
  PROP_POSITION,
  PROP_SIZE,
  PROP_HISTORY,
  PROP_SHOW_HEATMAP,
};

#define DEFAULT_POSITION graphiqa::OverlayPosition::kTopLeft
#define DEFAULT_SIZE 1.0
#define DEFAULT_HISTORY (10 * GST_SECOND)
#define DEFAULT_SHOW_HEATMAP TRUE
#define MIN_SIZE 0.25
#define MAX_SIZE 4.0
#define MAX_HISTORY (GST_SECOND * 60 * 60 * 24)

// What overlaycomposition takes.
#define OVERLAY_CAPS "video/x-raw; video/x-raw(ANY)"

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE(
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(OVERLAY_CAPS));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE(
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(OVERLAY_CAPS));

struct GstGraphiqaOverlayPrivate {
  GstElement* compositor = nullptr;  ///< owned by the bin; null = not there

  // Used by the streaming thread, or while there is none.
  graphiqa::OverlayPainter painter;
  GstVideoInfo info;
  GstCaps* caps = nullptr;  ///< that `info` is of
  bool complained = false;  ///< about frames that could not be drawn on

  // Guarded by the object lock.
  graphiqa::OverlaySettings settings;
};

struct _GstGraphiqaOverlay {
  GstBin parent;
  GstGraphiqaOverlayPrivate* priv;
};

G_DEFINE_TYPE(GstGraphiqaOverlay, gst_graphiqa_overlay, GST_TYPE_BIN)
GST_ELEMENT_REGISTER_DEFINE(graphiqaoverlay, "graphiqaoverlay", GST_RANK_NONE,
                            GST_TYPE_GRAPHIQA_OVERLAY)

#define GST_TYPE_GRAPHIQA_OVERLAY_POSITION \
  (gst_graphiqa_overlay_position_get_type())
static GType gst_graphiqa_overlay_position_get_type(void) {
  using graphiqa::OverlayPosition;
  static gsize type = 0;
  static const GEnumValue values[] = {
      {static_cast<gint>(OverlayPosition::kTopLeft), "Top left", "top-left"},
      {static_cast<gint>(OverlayPosition::kTopRight), "Top right", "top-right"},
      {static_cast<gint>(OverlayPosition::kBottomLeft), "Bottom left",
       "bottom-left"},
      {static_cast<gint>(OverlayPosition::kBottomRight), "Bottom right",
       "bottom-right"},
      {0, nullptr, nullptr}};
  if (g_once_init_enter(&type)) {
    g_once_init_leave(
        &type, g_enum_register_static("GstGraphiqaOverlayPosition", values));
  }
  return type;
}

// --- Drawing ---------------------------------------------------------------

namespace {

graphiqa::OverlaySettings SettingsOf(GstGraphiqaOverlay* self) {
  GST_OBJECT_LOCK(self);
  const graphiqa::OverlaySettings settings = self->priv->settings;
  GST_OBJECT_UNLOCK(self);
  return settings;
}

bool AdoptCaps(GstGraphiqaOverlayPrivate* priv, GstCaps* caps) {
  if (caps == nullptr) return false;
  if (caps == priv->caps) return true;
  if (!gst_video_info_from_caps(&priv->info, caps)) return false;
  gst_caps_replace(&priv->caps, caps);
  return true;
}

/// Forgets the stream.
void Reset(GstGraphiqaOverlayPrivate* priv) {
  priv->painter.Reset();
  gst_caps_replace(&priv->caps, nullptr);
  priv->complained = false;
}

/// A frame without overlay is better than none; said once per stream.
void Complain(GstGraphiqaOverlay* self, const char* what) {
  GST_WARNING_OBJECT(self, "no overlay: %s", what);
  if (self->priv->complained) return;
  self->priv->complained = true;
  GST_ELEMENT_WARNING(self, RESOURCE, FAILED,
                      ("The overlay could not be drawn: %s", what),
                      ("frames pass without it"));
}

/// Handler of overlaycomposition's signal `draw`.
/// @returns (transfer full) (nullable)
GstVideoOverlayComposition* Draw(GstElement*, GstSample* sample,
                                 gpointer user_data) {
  auto* self = GST_GRAPHIQA_OVERLAY(user_data);
  GstGraphiqaOverlayPrivate* priv = self->priv;
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  const GstStructure* fields =
      buffer != nullptr ? gst_buffer_get_graphiqa_meta(buffer) : nullptr;
  if (fields == nullptr) return nullptr;
  if (!AdoptCaps(priv, gst_sample_get_caps(sample))) return nullptr;
  try {
    return priv->painter
        .Paint(priv->info, fields, GST_BUFFER_PTS(buffer), SettingsOf(self))
        .release();
  } catch (const std::exception& error) {
    Complain(self, error.what());
  } catch (...) {
    Complain(self, "unknown error");
  }
  return nullptr;
}

void AddGhostPad(GstGraphiqaOverlay* self, const char* name,
                 GstStaticPadTemplate* from) {
  GstPadTemplate* pad_template = gst_static_pad_template_get(from);
  GstElement* inner = self->priv->compositor;
  GstPad* target =
      inner != nullptr ? gst_element_get_static_pad(inner, name) : nullptr;
  GstPad* pad =
      target != nullptr
          ? gst_ghost_pad_new_from_template(name, target, pad_template)
          : gst_ghost_pad_new_no_target_from_template(name, pad_template);
  gst_element_add_pad(GST_ELEMENT(self), pad);
  gst_clear_object(&target);
  gst_object_unref(pad_template);
}

}  // namespace

// --- Element ---------------------------------------------------------------

static GstStateChangeReturn gst_graphiqa_overlay_change_state(
    GstElement* element, GstStateChange transition) {
  auto* self = GST_GRAPHIQA_OVERLAY(element);
  if (self->priv->compositor == nullptr) {
    GST_ELEMENT_ERROR(self, CORE, MISSING_PLUGIN,
                      ("The element overlaycomposition is missing: install "
                       "gst-plugins-base (Debian: gstreamer1.0-plugins-base)"),
                      (nullptr));
    return GST_STATE_CHANGE_FAILURE;
  }
  const GstStateChangeReturn result =
      GST_ELEMENT_CLASS(gst_graphiqa_overlay_parent_class)
          ->change_state(element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) Reset(self->priv);
  return result;
}

static void gst_graphiqa_overlay_set_property(GObject* object, guint id,
                                              const GValue* value,
                                              GParamSpec* pspec) {
  auto* self = GST_GRAPHIQA_OVERLAY(object);
  graphiqa::OverlaySettings& settings = self->priv->settings;
  GST_OBJECT_LOCK(self);
  switch (id) {
    case PROP_POSITION:
      settings.position =
          static_cast<graphiqa::OverlayPosition>(g_value_get_enum(value));
      break;
    case PROP_SIZE:
      settings.size = g_value_get_double(value);
      break;
    case PROP_HISTORY:
      settings.history = g_value_get_uint64(value);
      break;
    case PROP_SHOW_HEATMAP:
      settings.show_heatmap = g_value_get_boolean(value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
  GST_OBJECT_UNLOCK(self);
}

static void gst_graphiqa_overlay_get_property(GObject* object, guint id,
                                              GValue* value,
                                              GParamSpec* pspec) {
  const graphiqa::OverlaySettings settings =
      SettingsOf(GST_GRAPHIQA_OVERLAY(object));
  switch (id) {
    case PROP_POSITION:
      g_value_set_enum(value, static_cast<gint>(settings.position));
      break;
    case PROP_SIZE:
      g_value_set_double(value, settings.size);
      break;
    case PROP_HISTORY:
      g_value_set_uint64(value, settings.history);
      break;
    case PROP_SHOW_HEATMAP:
      g_value_set_boolean(value, settings.show_heatmap);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void gst_graphiqa_overlay_finalize(GObject* object) {
  GstGraphiqaOverlayPrivate* priv = GST_GRAPHIQA_OVERLAY(object)->priv;
  gst_caps_replace(&priv->caps, nullptr);
  delete priv;
  G_OBJECT_CLASS(gst_graphiqa_overlay_parent_class)->finalize(object);
}

static void gst_graphiqa_overlay_init(GstGraphiqaOverlay* self) {
  self->priv = new GstGraphiqaOverlayPrivate();
  GstElement* compositor =
      gst_element_factory_make("overlaycomposition", nullptr);
  if (compositor != nullptr) {
    gst_bin_add(GST_BIN(self), compositor);
    g_signal_connect(compositor, "draw", G_CALLBACK(Draw), self);
    self->priv->compositor = compositor;
  }
  AddGhostPad(self, "sink", &sink_template);
  AddGhostPad(self, "src", &src_template);
}

namespace {

constexpr auto kFlags = static_cast<GParamFlags>(
    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);

void InstallProperties(GObjectClass* klass) {
  /**
   * GstGraphiqaOverlay:position:
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_POSITION,
      g_param_spec_enum("position", "Position",
                        "Corner of the picture that the panel is in",
                        GST_TYPE_GRAPHIQA_OVERLAY_POSITION,
                        static_cast<gint>(DEFAULT_POSITION), kFlags));
  /**
   * GstGraphiqaOverlay:size:
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_SIZE,
      g_param_spec_double("size", "Size",
                          "Factor on the panel's size, which follows the "
                          "picture's",
                          MIN_SIZE, MAX_SIZE, DEFAULT_SIZE, kFlags));
  /**
   * GstGraphiqaOverlay:history:
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_HISTORY,
      g_param_spec_uint64("history", "History",
                          "Time that the curve of scores goes back, in ns "
                          "(0 = no curve)",
                          0, MAX_HISTORY, DEFAULT_HISTORY, kFlags));
  /**
   * GstGraphiqaOverlay:show-heatmap:
   *
   * Since: 0.1
   */
  g_object_class_install_property(
      klass, PROP_SHOW_HEATMAP,
      g_param_spec_boolean("show-heatmap", "Show heat map",
                           "Draw the heat map where the metadata has one",
                           DEFAULT_SHOW_HEATMAP, kFlags));
}

}  // namespace

static void gst_graphiqa_overlay_class_init(GstGraphiqaOverlayClass* klass) {
  auto* gobject_class = G_OBJECT_CLASS(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  GST_DEBUG_CATEGORY_INIT(gst_graphiqa_overlay_debug, "graphiqaoverlay", 0,
                          "overlay of video quality");

  gobject_class->set_property =
      GST_DEBUG_FUNCPTR(gst_graphiqa_overlay_set_property);
  gobject_class->get_property =
      GST_DEBUG_FUNCPTR(gst_graphiqa_overlay_get_property);
  gobject_class->finalize = GST_DEBUG_FUNCPTR(gst_graphiqa_overlay_finalize);
  element_class->change_state =
      GST_DEBUG_FUNCPTR(gst_graphiqa_overlay_change_state);
  InstallProperties(gobject_class);

  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(
      element_class, "GraphIQA overlay", "Filter/Editor/Video",
      "Draws score, distortion and heat map of graphiqa on the picture",
      "The graphiqa authors");
  gst_type_mark_as_plugin_api(GST_TYPE_GRAPHIQA_OVERLAY_POSITION,
                              static_cast<GstPluginAPIFlags>(0));
}
