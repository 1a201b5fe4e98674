// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bench_streams.h"
#include "format/json.h"

namespace graphiqa {

struct LiveSetup : StreamsSetup {
  int rate = 25;        ///< of the test picture, frames per second
  double warmup_s = 3;  ///< at the start, not counted
  double seconds = 20;  ///< measured
};

/// Plays all streams in real time, with graphiqa in live mode or identity, and
/// measures in this process:
/// - "fps" of all streams together, "frames";
/// - "lost": frames that entered the element and did not leave it;
/// - "chain_ms": from the element's sink pad to its source pad (LatencyJson);
/// - "delay_ms": how much later than the earliest of their stream frames leave
///   the element, against their timestamps (LatencyJson);
/// - "cpu_cores", "peak_memory_mib";
/// - and where scored, "scored_per_s" ({"least", "most", "streams": [...]}),
///   "fairness" (most / least, null where a stream has none), "age_ms" (of the
///   results on frames, LatencyJson), "frames_failed".
/// @throws Error when a pipeline cannot be made, fails, or ends too early;
///   Error(kCancelled) once the program is told to stop
Json MeasureLive(const LiveSetup& setup);

}  // namespace graphiqa
