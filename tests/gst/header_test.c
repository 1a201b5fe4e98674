/* Copyright 2026 The graphiqa authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* The installed header alone, in C and (as header_test_cpp) in C++: every
 * getter gives what its setter took. */
#include <gst/graphiqa/gstgraphiqameta.h>

#define CHECK(condition)                                          \
  do {                                                            \
    if (!(condition)) {                                           \
      g_printerr("line %d: %s is false\n", __LINE__, #condition); \
      return 1;                                                   \
    }                                                             \
  } while (0)

static int check_empty(GstStructure* meta) {
  guint version = 0, crops = 0;
  gdouble value = -1;
  GstClockTime time = 7;
  GstGraphiqaView view;
  CHECK(gst_graphiqa_meta_get_version(meta, &version));
  CHECK(version == GST_GRAPHIQA_META_VERSION);
  CHECK(gst_graphiqa_meta_get_state(meta) == NULL);
  CHECK(gst_graphiqa_meta_get_picture(meta) == NULL);
  CHECK(gst_graphiqa_meta_get_model(meta) == NULL);
  CHECK(gst_graphiqa_meta_get_distortion(meta, NULL, NULL) == NULL);
  CHECK(!gst_graphiqa_meta_get_score(meta, &value) && value == -1);
  CHECK(!gst_graphiqa_meta_get_uncertainty(meta, &value));
  CHECK(!gst_graphiqa_meta_get_level(meta, &value));
  CHECK(!gst_graphiqa_meta_get_scored_pts(meta, &time) && time == 7);
  CHECK(!gst_graphiqa_meta_get_age(meta, &time));
  CHECK(!gst_graphiqa_meta_get_latency(meta, &time));
  CHECK(!gst_graphiqa_meta_get_crops(meta, &crops));
  CHECK(gst_graphiqa_meta_get_n_probabilities(meta) == 0);
  CHECK(gst_graphiqa_meta_get_n_views(meta) == 0);
  CHECK(!gst_graphiqa_meta_get_probability(meta, 0, &value));
  CHECK(!gst_graphiqa_meta_get_view(meta, 0, &view));
  return 0;
}

static int check_values(GstStructure* meta) {
  const gdouble shares[] = {0.25, 0.75};
  const GstGraphiqaView areas[] = {{0, 0, 1, 1, 50, 2},
                                   {0.5, 0.25, 0.5, 0.5, 60, 3}};
  GstGraphiqaView view;
  gdouble value = 0;
  gint index = 0;
  GstClockTime time = 0;
  guint crops = 0;
  gst_graphiqa_meta_set_state(meta, "fresh");
  gst_graphiqa_meta_set_score(meta, 71.5);
  gst_graphiqa_meta_set_uncertainty(meta, 1.5);
  gst_graphiqa_meta_set_distortion(meta, "jpeg", 1, 0.75);
  gst_graphiqa_meta_set_probabilities(meta, shares, 2);
  gst_graphiqa_meta_set_level(meta, 3.5);
  gst_graphiqa_meta_set_picture(meta, "normal");
  gst_graphiqa_meta_set_scored_pts(meta, 11);
  gst_graphiqa_meta_set_age(meta, 12);
  gst_graphiqa_meta_set_latency(meta, 13);
  gst_graphiqa_meta_set_model(meta, "m@01234567");
  gst_graphiqa_meta_set_crops(meta, 2);
  gst_graphiqa_meta_set_views(meta, areas, 2);
  CHECK(!g_strcmp0(gst_graphiqa_meta_get_state(meta), "fresh"));
  CHECK(gst_graphiqa_meta_get_score(meta, &value) && value == 71.5);
  CHECK(gst_graphiqa_meta_get_uncertainty(meta, &value) && value == 1.5);
  CHECK(!g_strcmp0(gst_graphiqa_meta_get_distortion(meta, &index, &value),
                   "jpeg"));
  CHECK(index == 1 && value == 0.75);
  CHECK(gst_graphiqa_meta_get_n_probabilities(meta) == 2);
  CHECK(gst_graphiqa_meta_get_probability(meta, 0, &value) && value == 0.25);
  CHECK(gst_graphiqa_meta_get_level(meta, &value) && value == 3.5);
  CHECK(!g_strcmp0(gst_graphiqa_meta_get_picture(meta), "normal"));
  CHECK(gst_graphiqa_meta_get_scored_pts(meta, &time) && time == 11);
  CHECK(gst_graphiqa_meta_get_age(meta, &time) && time == 12);
  CHECK(gst_graphiqa_meta_get_latency(meta, &time) && time == 13);
  CHECK(!g_strcmp0(gst_graphiqa_meta_get_model(meta), "m@01234567"));
  CHECK(gst_graphiqa_meta_get_crops(meta, &crops) && crops == 2);
  CHECK(gst_graphiqa_meta_get_n_views(meta) == 2);
  CHECK(gst_graphiqa_meta_get_view(meta, 1, &view));
  CHECK(view.x == 0.5 && view.y == 0.25 && view.width == 0.5);
  CHECK(view.height == 0.5 && view.score == 60 && view.uncertainty == 3);
  return 0;
}

int main(int argc, char** argv) {
  GstBuffer *buffer, *copy;
  gst_init(&argc, &argv);
  buffer = gst_buffer_new();
  CHECK(gst_buffer_get_graphiqa_meta(buffer) == NULL);
  CHECK(check_empty(gst_buffer_add_graphiqa_meta(buffer)) == 0);
  CHECK(check_values(gst_buffer_get_graphiqa_meta(buffer)) == 0);
  copy = gst_buffer_copy(buffer);
  gst_buffer_unref(buffer);
  CHECK(check_values(gst_buffer_get_graphiqa_meta(copy)) == 0);
  CHECK(check_empty(gst_buffer_add_graphiqa_meta(copy)) == 0);
  gst_buffer_unref(copy);
  return 0;
}
