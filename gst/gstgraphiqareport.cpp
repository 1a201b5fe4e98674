// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqareport.h"

#include <algorithm>

#include "gst/graphiqa/gstgraphiqameta.h"

namespace graphiqa {
namespace {

GstClockTime Distance(GstClockTime a, GstClockTime b) {
  return a > b ? a - b : b - a;
}

const char* StateOf(const FrameReport& report) {
  if (report.failed) return "failed";
  if (report.newest == nullptr) return "skipped";
  return report.fresh ? "fresh" : "held";
}

void FillHeatmap(GstStructure* fields, const ScoredFrame& scored) {
  const double width = std::max(scored.width, 1);
  const double height = std::max(scored.height, 1);
  std::vector<GstGraphiqaView> areas;
  areas.reserve(scored.quality.views.size());
  for (const ViewScore& item : scored.quality.views) {
    areas.push_back({item.view.x / width, item.view.y / height,
                     item.view.width / width, item.view.height / height,
                     item.score, item.uncertainty});
  }
  gst_graphiqa_meta_set_views(fields, areas.data(),
                              static_cast<guint>(areas.size()));
}

}  // namespace

void SetTime(GstStructure* structure, const char* name, GstClockTime time) {
  if (!GST_CLOCK_TIME_IS_VALID(time)) return;
  gst_structure_set(structure, name, GST_TYPE_CLOCK_TIME, time, nullptr);
}

GstClockTime AgeOf(const FrameTimes& scored, const FrameTimes& now) {
  if (GST_CLOCK_TIME_IS_VALID(scored.stream_time) &&
      GST_CLOCK_TIME_IS_VALID(now.stream_time)) {
    return Distance(now.stream_time, scored.stream_time);
  }
  if (GST_CLOCK_TIME_IS_VALID(scored.pts) && GST_CLOCK_TIME_IS_VALID(now.pts)) {
    return Distance(now.pts, scored.pts);
  }
  return GST_CLOCK_TIME_NONE;
}

Reporter::Reporter(const ModelDescription& model)
    : types_(model.types), model_(model.name + "@" + model.short_hash) {}

void Reporter::FillResult(GstStructure* fields,
                          const QualityResult& quality) const {
  gst_graphiqa_meta_set_score(fields, quality.score);
  gst_graphiqa_meta_set_uncertainty(fields, quality.uncertainty);
  if (quality.distortion) {
    const int index = *quality.distortion;
    const bool named = index >= 0 && static_cast<size_t>(index) < types_.size();
    gst_graphiqa_meta_set_distortion(
        fields, named ? types_[static_cast<size_t>(index)].c_str() : "none",
        index, quality.confidence);
    gst_graphiqa_meta_set_probabilities(
        fields, quality.probabilities.data(),
        static_cast<guint>(quality.probabilities.size()));
  }
  if (quality.level) gst_graphiqa_meta_set_level(fields, *quality.level);
  gst_graphiqa_meta_set_crops(fields, static_cast<guint>(quality.views.size()));
}

void Reporter::Fill(GstStructure* fields, const FrameReport& report) const {
  gst_graphiqa_meta_set_state(fields, StateOf(report));
  if (report.picture) {
    gst_graphiqa_meta_set_picture(fields, ToString(*report.picture));
  }
  gst_graphiqa_meta_set_model(fields, model_.c_str());
  const ScoredFrame* newest = report.newest;
  if (report.failed || newest == nullptr) return;
  FillResult(fields, newest->quality);
  SetTime(fields, "scored-pts", newest->times.pts);
  SetTime(fields, "age", report.fresh ? 0 : AgeOf(newest->times, report.times));
  SetTime(fields, "latency", newest->latency);
  if (report.heatmap) FillHeatmap(fields, *newest);
}

GstStructure* Reporter::MessageFor(const GstStructure* fields,
                                   const FrameTimes& times) {
  GstStructure* message = gst_structure_copy(fields);
  gst_structure_set_name(message, "graphiqa");
  SetTime(message, "timestamp", times.pts);
  SetTime(message, "stream-time", times.stream_time);
  SetTime(message, "running-time", times.running_time);
  SetTime(message, "duration", times.duration);
  return message;
}

}  // namespace graphiqa
