// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace graphiqa {

/// What the element says of one frame; fields that it does not know are empty.
struct Sample {
  double time = 0;  ///< when it arrived, seconds of the monotonic clock
  std::optional<double> score;        ///< 0 to 100
  std::optional<double> uncertainty;  ///< same scale
  std::optional<std::string> distortion;
  std::optional<double> confidence;  ///< 0 to 1
  std::optional<double> level;       ///< 0 to 5
  std::optional<double> latency_s;   ///< from the frame's arrival to its result
  std::string picture = "normal";    ///< normal, black, flat, frozen
  std::string model;
};

/// Reads a message `graphiqa` or the metadata, which have the same fields.
Sample SampleFrom(const GstStructure* fields, double now);

/// The metadata of a buffer; null when it has none.
const GstStructure* QualityOf(GstBuffer* buffer);

/// Whether the metadata says a score: of this frame or, in live mode, the
/// newest known when it passed.
bool HasScore(GstBuffer* buffer);

/// The distortion's name where the model is rather right than wrong about it,
/// with a confidence of 0.5 or more; otherwise nothing.
std::optional<std::string> ClearDistortion(const Sample& sample);

/// Seconds of the monotonic clock.
double MonotonicNow();

/// Seconds since 1970.
double WallNow();

}  // namespace graphiqa
