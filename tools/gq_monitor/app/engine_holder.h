// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>

#include "config/settings.h"
#include "metrics/histogram.h"

namespace graphiqa {

/// Keeps the engine that all channels share: it is loaded once, before the
/// first of them starts, and does not go while they are all being started anew.
class EngineHolder {
 public:
  /// Loads the model, which takes as long as it takes.
  /// @throws Error(kFile) with what the element says
  explicit EngineHolder(const EngineSettings& settings);
  ~EngineHolder();
  EngineHolder(const EngineHolder&) = delete;
  EngineHolder& operator=(const EngineHolder&) = delete;

  /// Views in each pass since the model was loaded.
  Histogram batches() const;

 private:
  GstElement* element_;
};

}  // namespace graphiqa
