// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// The element's properties as its parts see them.
#pragma once

#include <gst/gst.h>

#include <string>

#include "gstgraphiqaalarm.h"
#include "gstgraphiqachooser.h"
#include "scorer.h"

namespace graphiqa {

/// What an engine is opened for.
struct EngineSettings {
  bool has_model_file = false;
  std::string model_file;
  std::string device = "auto";
  Precision precision = Precision::kAuto;
  guint batch_size = 0;                          ///< views, 0 = auto
  GstClockTime batch_timeout = 2 * GST_MSECOND;  ///< at most a second

  bool operator==(const EngineSettings& other) const {
    return has_model_file == other.has_model_file &&
           model_file == other.model_file && device == other.device &&
           precision == other.precision && batch_size == other.batch_size &&
           batch_timeout == other.batch_timeout;
  }
};

/// How frames wait for their results.
enum class Mode {
  kSync,  ///< a frame leaves with its own result
  kLive,  ///< a frame leaves at once with the newest result known
};

/// The properties that count from one frame to the next.
struct FlowSettings {
  ChoiceRule rule;
  AlarmRule alarm;
  guint crops = 0;          ///< views per scored frame, 0 = the model's number
  guint max_in_flight = 4;  ///< frames inside in sync mode, >= 1
  bool message = false;
  bool heatmap = false;
};

}  // namespace graphiqa
