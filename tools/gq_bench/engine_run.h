// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "format/json.h"

namespace graphiqa {

struct EngineSetup {
  std::string model_file;
  std::string device;
  std::string precision;
  int batch = 1;    ///< views per request, computed in one pass
  int threads = 0;  ///< of the engine on the CPU, 0 = all
  double warmup_s = 1;
  double round_s = 2;
  int rounds = 5;
};

/// Opens the model and measures in this process: throughput with two requests
/// waiting at a time, so that the engine is never idle; latency with one, from
/// Submit() to its result; each for `rounds` rounds.
/// @throws Error when the model cannot be opened or a request fails;
///   Error(kCancelled) once the program is told to stop
Json MeasureEngine(const EngineSetup& setup);

}  // namespace graphiqa
