/* Copyright 2026 The graphiqa authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* read_meta MODEL [LAUNCH]: prints the quality of every frame of a pipeline.
 *
 * MODEL is a model file, or "default". LAUNCH is what gives the video, in
 * gst-launch syntax; a test picture where it is left out:
 *
 *   read_meta default "uridecodebin uri=file:///clip.mp4 ! videoconvert"
 *
 * Build:
 *   cc read_meta.c -o read_meta \
 *     $(pkg-config --cflags --libs gstreamer-graphiqa-1.0 gstreamer-1.0)
 */
#include <gst/graphiqa/gstgraphiqameta.h>
#include <gst/gst.h>

static GstPadProbeReturn print_frame(GstPad* pad, GstPadProbeInfo* info,
                                     gpointer user_data) {
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  GstStructure* quality = gst_buffer_get_graphiqa_meta(buffer);
  const gchar* distortion;
  gdouble score, uncertainty, confidence = 0;
  (void)pad;
  (void)user_data;
  if (quality == NULL) return GST_PAD_PROBE_OK;
  g_print("%" GST_TIME_FORMAT " %-7s %-6s",
          GST_TIME_ARGS(GST_BUFFER_PTS(buffer)),
          gst_graphiqa_meta_get_state(quality),
          gst_graphiqa_meta_get_picture(quality));
  if (gst_graphiqa_meta_get_score(quality, &score) &&
      gst_graphiqa_meta_get_uncertainty(quality, &uncertainty))
    g_print(" score %5.1f +- %.1f", score, uncertainty);
  distortion = gst_graphiqa_meta_get_distortion(quality, NULL, &confidence);
  if (distortion != NULL)
    g_print(" %s (%.0f %%)", distortion, 100 * confidence);
  g_print("\n");
  return GST_PAD_PROBE_OK;
}

/* Waits for the end. Returns the exit status. */
static int run(GstElement* pipeline) {
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* message;
  int status = 0;
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered(bus, GST_CLOCK_TIME_NONE,
                                       GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    GError* error = NULL;
    gst_message_parse_error(message, &error, NULL);
    g_printerr("%s: %s\n", GST_OBJECT_NAME(message->src), error->message);
    g_error_free(error);
    status = 1;
  }
  gst_message_unref(message);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(bus);
  return status;
}

int main(int argc, char** argv) {
  GstElement *pipeline, *scorer;
  GError* error = NULL;
  gchar* launch;
  GstPad* pad;
  int status;

  gst_init(&argc, &argv);
  if (argc < 2) {
    g_printerr("usage: read_meta MODEL|default [LAUNCH]\n");
    return 2;
  }
  launch = g_strdup_printf("%s ! graphiqa name=scorer ! fakesink",
                           argc > 2 ? argv[2] : "videotestsrc num-buffers=5");
  pipeline = gst_parse_launch(launch, &error);
  g_free(launch);
  if (error != NULL) {
    g_printerr("%s\n", error->message);
    return 2;
  }
  scorer = gst_bin_get_by_name(GST_BIN(pipeline), "scorer");
  if (g_strcmp0(argv[1], "default") != 0)
    g_object_set(scorer, "model-file", argv[1], NULL);
  pad = gst_element_get_static_pad(scorer, "src");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, print_frame, NULL, NULL);
  status = run(pipeline);
  gst_object_unref(pad);
  gst_object_unref(scorer);
  gst_object_unref(pipeline);
  return status;
}
