// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "sample.h"

#include <cmath>

#include "gst/graphiqa/gstgraphiqameta.h"

namespace graphiqa {
namespace {

/// The page has the same limit (dom.js).
constexpr double kClearConfidence = 0.5;

std::optional<double> Double(const GstStructure* fields, const char* name) {
  gdouble value = 0;
  if (gst_structure_get_double(fields, name, &value) == FALSE ||
      !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

std::string Text(const GstStructure* fields, const char* name,
                 const char* otherwise) {
  const gchar* value = gst_structure_get_string(fields, name);
  return value != nullptr ? value : otherwise;
}

}  // namespace

Sample SampleFrom(const GstStructure* fields, double now) {
  Sample sample;
  sample.time = now;
  sample.score = Double(fields, "score");
  sample.uncertainty = Double(fields, "uncertainty");
  const std::string distortion = Text(fields, "distortion", "");
  if (!distortion.empty()) sample.distortion = distortion;
  sample.confidence = Double(fields, "confidence");
  sample.level = Double(fields, "level");
  GstClockTime latency = 0;
  if (gst_structure_get_clock_time(fields, "latency", &latency) != FALSE) {
    sample.latency_s = static_cast<double>(latency) / GST_SECOND;
  }
  sample.picture = Text(fields, "picture", "normal");
  sample.model = Text(fields, "model", "");
  return sample;
}

const GstStructure* QualityOf(GstBuffer* buffer) {
  return gst_buffer_get_graphiqa_meta(buffer);
}

bool HasScore(GstBuffer* buffer) {
  const GstStructure* fields = QualityOf(buffer);
  return fields != nullptr && Double(fields, "score").has_value();
}

std::optional<std::string> ClearDistortion(const Sample& sample) {
  return sample.confidence.value_or(1) >= kClearConfidence ? sample.distortion
                                                           : std::nullopt;
}

double MonotonicNow() {
  return static_cast<double>(g_get_monotonic_time()) / G_USEC_PER_SEC;
}

double WallNow() {
  return static_cast<double>(g_get_real_time()) / G_USEC_PER_SEC;
}

}  // namespace graphiqa
