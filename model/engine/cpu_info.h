// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scorer.h"

namespace graphiqa {

/// Whether this CPU has matrix instructions for bf16 (AVX512-BF16 or AMX);
/// others emulate it more slowly than fp32, or not at all.
bool CpuComputesBf16();

/// What the CPU engine computes in when asked for `precision`: never kAuto.
/// @throws Error(kDevice) for fp16, and for bf16 where oneDNN cannot do it
Precision ResolveCpuPrecision(Precision precision);

/// Cores that this process may use: its affinity mask, >= 1.
int AvailableCores();

}  // namespace graphiqa
