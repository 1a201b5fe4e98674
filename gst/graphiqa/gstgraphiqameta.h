/* Copyright 2026 The graphiqa authors */
/* SPDX-License-Identifier: Apache-2.0 */

/**
 * SECTION:gstgraphiqameta
 * @title: GraphiqaMeta
 * @short_description: the picture quality of a video frame
 *
 * The element `graphiqa` puts a #GstCustomMeta named
 * %GST_GRAPHIQA_META_NAME on every frame. Its fields sit in a #GstStructure,
 * so any language binding can read them without this header:
 *
 * |[
 * structure = buffer.get_custom_meta("GraphiqaMeta").get_structure()
 * ok, score = structure.get_double("score")
 * ]|
 *
 * This header gives C and C++ programs typed access. All of it is static
 * inline: a program links GStreamer and nothing of graphiqa.
 *
 * A field that is not known is absent, and its getter returns %FALSE (or
 * %NULL) and leaves the output alone. Getters may be called from any thread
 * that holds a reference on the buffer; setters need a writable buffer.
 *
 * |[
 * GstStructure *quality = gst_buffer_get_graphiqa_meta (buffer);
 * gdouble score;
 * if (quality && gst_graphiqa_meta_get_score (quality, &score))
 *   g_print ("score %.1f\n", score);
 * ]|
 */
#ifndef GST_GRAPHIQA_META_H
#define GST_GRAPHIQA_META_H

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * GST_GRAPHIQA_META_NAME:
 *
 * Name under which the metadata is registered.
 */
#define GST_GRAPHIQA_META_NAME "GraphiqaMeta"

/**
 * GST_GRAPHIQA_META_VERSION:
 *
 * Value of the field `version`. Fields are only ever added under one version;
 * a field that changes its meaning raises it.
 */
#define GST_GRAPHIQA_META_VERSION 1u

/**
 * GstGraphiqaView:
 * @x: left edge, as a fraction of the picture's width, [0, 1)
 * @y: top edge, as a fraction of the picture's height, [0, 1)
 * @width: width, as a fraction of the picture's width, (0, 1]
 * @height: height, as a fraction of the picture's height, (0, 1]
 * @score: quality of this area alone, 0 to 100, higher is better
 * @uncertainty: one standard deviation of @score, same scale
 *
 * One area of the field `heatmap`. Fractions, so that scaling the frame keeps
 * them true.
 */
typedef struct {
  gdouble x;
  gdouble y;
  gdouble width;
  gdouble height;
  gdouble score;
  gdouble uncertainty;
} GstGraphiqaView;

/* Copies one field; `user_data` is the GstStructure that gets it. */
static inline gboolean gst_graphiqa_meta_copy_field(GQuark field,
                                                    const GValue* value,
                                                    gpointer user_data) {
  gst_structure_id_set_value((GstStructure*)user_data, field, value);
  return TRUE;
}

/* Copies the metadata with its buffer. GStreamer 1.22 has a function of its
 * own for this, which ties the copy to the old buffer's reference count. */
static inline gboolean gst_graphiqa_meta_transform(GstBuffer* to,
                                                   GstCustomMeta* meta,
                                                   GstBuffer* from, GQuark type,
                                                   gpointer data,
                                                   gpointer user_data) {
  GstCustomMeta* copy;
  (void)from;
  (void)data;
  (void)user_data;
  if (!GST_META_TRANSFORM_IS_COPY(type)) return FALSE;
  copy = gst_buffer_add_custom_meta(to, GST_GRAPHIQA_META_NAME);
  if (copy == NULL) return FALSE;
  return gst_structure_foreach(gst_custom_meta_get_structure(meta),
                               gst_graphiqa_meta_copy_field,
                               gst_custom_meta_get_structure(copy));
}

/**
 * gst_graphiqa_meta_register:
 *
 * Makes the metadata known to this process. The element does so itself; only
 * a program that adds the metadata without loading the element needs it, and
 * then from code that stays loaded. Harmless when called again.
 *
 * Returns: (transfer none): the registered metadata
 */
static inline const GstMetaInfo* gst_graphiqa_meta_register(void) {
  /* "video" alone: conversions, scaling and encoders keep such metadata. */
  static const gchar* tags[] = {"video", NULL};
  const GstMetaInfo* info = gst_meta_get_info(GST_GRAPHIQA_META_NAME);
  if (info != NULL) return info;
  return gst_meta_register_custom(GST_GRAPHIQA_META_NAME, tags,
                                  gst_graphiqa_meta_transform, NULL, NULL);
}

/**
 * gst_buffer_get_graphiqa_meta:
 * @buffer: a #GstBuffer
 *
 * Returns: (transfer none) (nullable): the fields, owned by @buffer, or %NULL
 *   when @buffer did not pass a `graphiqa` element
 */
static inline GstStructure* gst_buffer_get_graphiqa_meta(GstBuffer* buffer) {
  GstCustomMeta* meta;
  if (gst_meta_get_info(GST_GRAPHIQA_META_NAME) == NULL) return NULL;
  meta = gst_buffer_get_custom_meta(buffer, GST_GRAPHIQA_META_NAME);
  return meta != NULL ? gst_custom_meta_get_structure(meta) : NULL;
}

/**
 * gst_buffer_add_graphiqa_meta:
 * @buffer: (transfer none): a writable #GstBuffer
 *
 * Adds metadata that holds nothing but its version; metadata that is there
 * already is emptied and used again.
 *
 * Returns: (transfer none): the fields, owned by @buffer
 */
static inline GstStructure* gst_buffer_add_graphiqa_meta(GstBuffer* buffer) {
  GstStructure* fields = gst_buffer_get_graphiqa_meta(buffer);
  if (fields == NULL) {
    gst_graphiqa_meta_register();
    fields = gst_custom_meta_get_structure(
        gst_buffer_add_custom_meta(buffer, GST_GRAPHIQA_META_NAME));
  }
  gst_structure_remove_all_fields(fields);
  gst_structure_set(fields, "version", G_TYPE_UINT, GST_GRAPHIQA_META_VERSION,
                    NULL);
  return fields;
}

/**
 * gst_graphiqa_meta_get_version:
 * @meta: the fields of a frame
 * @version: (out): %GST_GRAPHIQA_META_VERSION of the writer
 *
 * Returns: %TRUE where known
 */
static inline gboolean gst_graphiqa_meta_get_version(const GstStructure* meta,
                                                     guint* version) {
  return gst_structure_get_uint(meta, "version", version);
}

/**
 * gst_graphiqa_meta_get_state:
 * @meta: the fields of a frame
 *
 * Returns: (nullable): `fresh` (scored from this very frame), `held` (the
 *   result of an earlier frame), `skipped` (no result yet) or `failed`
 */
static inline const gchar* gst_graphiqa_meta_get_state(
    const GstStructure* meta) {
  return gst_structure_get_string(meta, "state");
}

/**
 * gst_graphiqa_meta_set_state:
 * @meta: the fields of a writable buffer
 * @state: `fresh`, `held`, `skipped` or `failed`
 */
static inline void gst_graphiqa_meta_set_state(GstStructure* meta,
                                               const gchar* state) {
  gst_structure_set(meta, "state", G_TYPE_STRING, state, NULL);
}

/**
 * gst_graphiqa_meta_get_score:
 * @meta: the fields of a frame
 * @score: (out): 0 to 100, higher is better
 *
 * Returns: %TRUE where known
 */
static inline gboolean gst_graphiqa_meta_get_score(const GstStructure* meta,
                                                   gdouble* score) {
  return gst_structure_get_double(meta, "score", score);
}

/**
 * gst_graphiqa_meta_set_score:
 * @meta: the fields of a writable buffer
 * @score: 0 to 100, higher is better
 */
static inline void gst_graphiqa_meta_set_score(GstStructure* meta,
                                               gdouble score) {
  gst_structure_set(meta, "score", G_TYPE_DOUBLE, score, NULL);
}

/**
 * gst_graphiqa_meta_get_uncertainty:
 * @meta: the fields of a frame
 * @uncertainty: (out): one standard deviation of the score, same scale
 *
 * Returns: %TRUE where known
 */
static inline gboolean gst_graphiqa_meta_get_uncertainty(
    const GstStructure* meta, gdouble* uncertainty) {
  return gst_structure_get_double(meta, "uncertainty", uncertainty);
}

/**
 * gst_graphiqa_meta_set_uncertainty:
 * @meta: the fields of a writable buffer
 * @uncertainty: one standard deviation of the score, >= 0
 */
static inline void gst_graphiqa_meta_set_uncertainty(GstStructure* meta,
                                                     gdouble uncertainty) {
  gst_structure_set(meta, "uncertainty", G_TYPE_DOUBLE, uncertainty, NULL);
}

/**
 * gst_graphiqa_meta_get_distortion:
 * @meta: the fields of a frame
 * @index: (out) (optional): the type's index in the model
 * @confidence: (out) (optional): its probability, 0 to 1
 *
 * Returns: (nullable): the model's name of the most likely distortion, or
 *   `none`; %NULL when the model tells no distortions
 */
static inline const gchar* gst_graphiqa_meta_get_distortion(
    const GstStructure* meta, gint* index, gdouble* confidence) {
  if (index != NULL) gst_structure_get_int(meta, "distortion-index", index);
  if (confidence != NULL)
    gst_structure_get_double(meta, "confidence", confidence);
  return gst_structure_get_string(meta, "distortion");
}

/**
 * gst_graphiqa_meta_set_distortion:
 * @meta: the fields of a writable buffer
 * @name: the type's name, or `none`
 * @index: the type's index in the model, -1 for `none`
 * @confidence: its probability, 0 to 1
 */
static inline void gst_graphiqa_meta_set_distortion(GstStructure* meta,
                                                    const gchar* name,
                                                    gint index,
                                                    gdouble confidence) {
  gst_structure_set(meta, "distortion", G_TYPE_STRING, name, "distortion-index",
                    G_TYPE_INT, index, "confidence", G_TYPE_DOUBLE, confidence,
                    NULL);
}

/**
 * gst_graphiqa_meta_get_n_probabilities:
 * @meta: the fields of a frame
 *
 * Returns: the number of distortion types with a probability, 0 when the
 *   model tells no distortions
 */
static inline guint gst_graphiqa_meta_get_n_probabilities(
    const GstStructure* meta) {
  const GValue* array = gst_structure_get_value(meta, "probabilities");
  return array != NULL && GST_VALUE_HOLDS_ARRAY(array)
             ? gst_value_array_get_size(array)
             : 0;
}

/**
 * gst_graphiqa_meta_get_probability:
 * @meta: the fields of a frame
 * @index: a type's index, below gst_graphiqa_meta_get_n_probabilities()
 * @probability: (out): 0 to 1; all types together make 1
 *
 * Returns: %TRUE where known
 */
static inline gboolean gst_graphiqa_meta_get_probability(
    const GstStructure* meta, guint index, gdouble* probability) {
  const GValue* array = gst_structure_get_value(meta, "probabilities");
  if (index >= gst_graphiqa_meta_get_n_probabilities(meta)) return FALSE;
  *probability = g_value_get_double(gst_value_array_get_value(array, index));
  return TRUE;
}

/**
 * gst_graphiqa_meta_set_probabilities:
 * @meta: the fields of a writable buffer
 * @probabilities: (array length=n): one per type of the model
 * @n: how many
 */
static inline void gst_graphiqa_meta_set_probabilities(
    GstStructure* meta, const gdouble* probabilities, guint n) {
  GValue array = G_VALUE_INIT;
  GValue value = G_VALUE_INIT;
  guint i;
  g_value_init(&array, GST_TYPE_ARRAY);
  g_value_init(&value, G_TYPE_DOUBLE);
  for (i = 0; i < n; i++) {
    g_value_set_double(&value, probabilities[i]);
    gst_value_array_append_value(&array, &value);
  }
  g_value_unset(&value);
  gst_structure_take_value(meta, "probabilities", &array);
}

/**
 * gst_graphiqa_meta_get_level:
 * @meta: the fields of a frame
 * @level: (out): strength of the distortion, 0 (none) to 5
 *
 * Returns: %TRUE where known
 */
static inline gboolean gst_graphiqa_meta_get_level(const GstStructure* meta,
                                                   gdouble* level) {
  return gst_structure_get_double(meta, "level", level);
}

/**
 * gst_graphiqa_meta_set_level:
 * @meta: the fields of a writable buffer
 * @level: strength of the distortion, 0 to 5
 */
static inline void gst_graphiqa_meta_set_level(GstStructure* meta,
                                               gdouble level) {
  gst_structure_set(meta, "level", G_TYPE_DOUBLE, level, NULL);
}

/**
 * gst_graphiqa_meta_get_picture:
 * @meta: the fields of a frame
 *
 * Returns: (nullable): `normal`, `black`, `flat` or `frozen`
 */
static inline const gchar* gst_graphiqa_meta_get_picture(
    const GstStructure* meta) {
  return gst_structure_get_string(meta, "picture");
}

/**
 * gst_graphiqa_meta_set_picture:
 * @meta: the fields of a writable buffer
 * @picture: `normal`, `black`, `flat` or `frozen`
 */
static inline void gst_graphiqa_meta_set_picture(GstStructure* meta,
                                                 const gchar* picture) {
  gst_structure_set(meta, "picture", G_TYPE_STRING, picture, NULL);
}

/**
 * gst_graphiqa_meta_get_scored_pts:
 * @meta: the fields of a frame
 * @pts: (out): PTS of the frame that the result comes from
 *
 * Returns: %TRUE where known
 */
static inline gboolean gst_graphiqa_meta_get_scored_pts(
    const GstStructure* meta, GstClockTime* pts) {
  return gst_structure_get_clock_time(meta, "scored-pts", pts);
}

/**
 * gst_graphiqa_meta_set_scored_pts:
 * @meta: the fields of a writable buffer
 * @pts: PTS of the frame that the result comes from
 */
static inline void gst_graphiqa_meta_set_scored_pts(GstStructure* meta,
                                                    GstClockTime pts) {
  gst_structure_set(meta, "scored-pts", GST_TYPE_CLOCK_TIME, pts, NULL);
}

/**
 * gst_graphiqa_meta_get_age:
 * @meta: the fields of a frame
 * @age: (out): stream time from the scored frame to this one, in ns; 0 when
 *   fresh
 *
 * Returns: %TRUE where known
 */
static inline gboolean gst_graphiqa_meta_get_age(const GstStructure* meta,
                                                 GstClockTime* age) {
  return gst_structure_get_clock_time(meta, "age", age);
}

/**
 * gst_graphiqa_meta_set_age:
 * @meta: the fields of a writable buffer
 * @age: stream time from the scored frame to this one, in ns
 */
static inline void gst_graphiqa_meta_set_age(GstStructure* meta,
                                             GstClockTime age) {
  gst_structure_set(meta, "age", GST_TYPE_CLOCK_TIME, age, NULL);
}

/**
 * gst_graphiqa_meta_get_latency:
 * @meta: the fields of a frame
 * @latency: (out): time from the scored frame's arrival to its result, in ns
 *
 * Returns: %TRUE where known
 */
static inline gboolean gst_graphiqa_meta_get_latency(const GstStructure* meta,
                                                     GstClockTime* latency) {
  return gst_structure_get_clock_time(meta, "latency", latency);
}

/**
 * gst_graphiqa_meta_set_latency:
 * @meta: the fields of a writable buffer
 * @latency: time from the scored frame's arrival to its result, in ns
 */
static inline void gst_graphiqa_meta_set_latency(GstStructure* meta,
                                                 GstClockTime latency) {
  gst_structure_set(meta, "latency", GST_TYPE_CLOCK_TIME, latency, NULL);
}

/**
 * gst_graphiqa_meta_get_model:
 * @meta: the fields of a frame
 *
 * Returns: (nullable): name and short hash of the model, `NAME@HASH`
 */
static inline const gchar* gst_graphiqa_meta_get_model(
    const GstStructure* meta) {
  return gst_structure_get_string(meta, "model");
}

/**
 * gst_graphiqa_meta_set_model:
 * @meta: the fields of a writable buffer
 * @model: name and short hash of the model, `NAME@HASH`
 */
static inline void gst_graphiqa_meta_set_model(GstStructure* meta,
                                               const gchar* model) {
  gst_structure_set(meta, "model", G_TYPE_STRING, model, NULL);
}

/**
 * gst_graphiqa_meta_get_crops:
 * @meta: the fields of a frame
 * @crops: (out): how many views the score is the mean of
 *
 * Returns: %TRUE where known
 */
static inline gboolean gst_graphiqa_meta_get_crops(const GstStructure* meta,
                                                   guint* crops) {
  return gst_structure_get_uint(meta, "crops", crops);
}

/**
 * gst_graphiqa_meta_set_crops:
 * @meta: the fields of a writable buffer
 * @crops: how many views the score is the mean of
 */
static inline void gst_graphiqa_meta_set_crops(GstStructure* meta,
                                               guint crops) {
  gst_structure_set(meta, "crops", G_TYPE_UINT, crops, NULL);
}

/**
 * gst_graphiqa_meta_get_n_views:
 * @meta: the fields of a frame
 *
 * Returns: the number of areas in the heat map, 0 when there is none
 */
static inline guint gst_graphiqa_meta_get_n_views(const GstStructure* meta) {
  const GValue* array = gst_structure_get_value(meta, "heatmap");
  return array != NULL && GST_VALUE_HOLDS_ARRAY(array)
             ? gst_value_array_get_size(array)
             : 0;
}

/**
 * gst_graphiqa_meta_get_view:
 * @meta: the fields of a frame
 * @index: below gst_graphiqa_meta_get_n_views()
 * @view: (out caller-allocates): one area of the heat map
 *
 * Returns: %TRUE where known
 */
static inline gboolean gst_graphiqa_meta_get_view(const GstStructure* meta,
                                                  guint index,
                                                  GstGraphiqaView* view) {
  const GValue* array = gst_structure_get_value(meta, "heatmap");
  const GstStructure* item;
  if (index >= gst_graphiqa_meta_get_n_views(meta)) return FALSE;
  item = gst_value_get_structure(gst_value_array_get_value(array, index));
  return gst_structure_get(item, "x", G_TYPE_DOUBLE, &view->x, "y",
                           G_TYPE_DOUBLE, &view->y, "width", G_TYPE_DOUBLE,
                           &view->width, "height", G_TYPE_DOUBLE, &view->height,
                           "score", G_TYPE_DOUBLE, &view->score, "uncertainty",
                           G_TYPE_DOUBLE, &view->uncertainty, NULL);
}

/**
 * gst_graphiqa_meta_set_views:
 * @meta: the fields of a writable buffer
 * @views: (array length=n): the areas of the heat map
 * @n: how many
 */
static inline void gst_graphiqa_meta_set_views(GstStructure* meta,
                                               const GstGraphiqaView* views,
                                               guint n) {
  GValue array = G_VALUE_INIT;
  guint i;
  g_value_init(&array, GST_TYPE_ARRAY);
  for (i = 0; i < n; i++) {
    GValue value = G_VALUE_INIT;
    g_value_init(&value, GST_TYPE_STRUCTURE);
    g_value_take_boxed(
        &value, gst_structure_new("view", "x", G_TYPE_DOUBLE, views[i].x, "y",
                                  G_TYPE_DOUBLE, views[i].y, "width",
                                  G_TYPE_DOUBLE, views[i].width, "height",
                                  G_TYPE_DOUBLE, views[i].height, "score",
                                  G_TYPE_DOUBLE, views[i].score, "uncertainty",
                                  G_TYPE_DOUBLE, views[i].uncertainty, NULL));
    gst_value_array_append_and_take_value(&array, &value);
  }
  gst_structure_take_value(meta, "heatmap", &array);
}

G_END_DECLS

#endif /* GST_GRAPHIQA_META_H */
