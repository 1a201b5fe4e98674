// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bench_streams.h"
#include "format/json.h"

namespace graphiqa {

struct PipelineSetup : StreamsSetup {
  int frames = 200;        ///< of the test picture
  int warmup_frames = 25;  ///< at the start of each stream, not counted
};

/// Plays all streams to their end, as fast as they go, and measures in this
/// process: {"fps", "cpu_cores", "latency_ms" (from the element's sink pad to
/// its source pad), "peak_memory_mib", "frames", and, where scored,
/// "scored_share"}.
/// @throws Error when a pipeline cannot be made, fails, stalls or is shorter
///   than the warm-up; Error(kCancelled) once the program is told to stop
Json MeasurePipeline(const PipelineSetup& setup);

}  // namespace graphiqa
