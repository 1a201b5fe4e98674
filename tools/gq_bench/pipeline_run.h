// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "format/json.h"

namespace graphiqa {

struct PipelineSetup {
  std::string file;  ///< video to play; empty = a test picture
  int width = 1920;  ///< of the test picture, NV12
  int height = 1080;
  int frames = 200;        ///< of the test picture
  int warmup_frames = 25;  ///< at the start of each stream, not counted
  int streams = 1;         ///< side by side in one process
  bool scored = true;      ///< with graphiqa, else with identity in its place

  // Of graphiqa.
  std::string model_file;
  std::string device;
  std::string precision;
  int interval = 1;
  int crops = 0;
  std::string properties;  ///< more, as gst-launch takes them
};

/// Plays all streams to their end, as fast as they go, and measures in this
/// process: {"fps", "cpu_cores", "latency_ms" (from the element's sink pad to
/// its source pad), "peak_memory_mib", "frames", and, where scored,
/// "scored_per_s"}.
/// @throws Error when a pipeline cannot be made, fails, stalls or is shorter
///   than the warm-up; Error(kCancelled) once the program is told to stop
Json MeasurePipeline(const PipelineSetup& setup);

}  // namespace graphiqa
