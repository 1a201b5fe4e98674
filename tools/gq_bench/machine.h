// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "format/json.h"

namespace graphiqa {

/// What numbers of this machine depend on. What cannot be found out is null:
/// "cpu", "isa" (instruction sets that matter here), "cores" (that this process
/// may use), "cores_online", "governor", "memory_mib", "load_average" (1, 5 and
/// 15 minutes, now), "gpus", "kernel", "system".
Json DescribeMachine();

/// Most memory that this process has had at a time, MiB; null where unknown.
Json PeakMemoryMib();

/// Processor time of this process so far, all threads, seconds.
double ProcessorSeconds();

}  // namespace graphiqa
