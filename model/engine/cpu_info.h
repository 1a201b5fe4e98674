// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scorer.h"

namespace graphiqa {

/// Whether this CPU computes faster in bf16 than in fp32: it has AMX that this
/// process may use, or AVX512-BF16 and is not Intel's, whose dot products take
/// as long for two pairs of bf16 as for two of float and do not pay for the
/// conversions (docs/performance.md). Others emulate bf16, or lack it.
bool CpuPrefersBf16();

/// What the CPU engine computes in when asked for `precision`: never kAuto.
/// @throws Error(kDevice) for fp16, and for bf16 where oneDNN cannot do it
Precision ResolveCpuPrecision(Precision precision);

/// Cores that this process may use: its affinity mask, >= 1.
int AvailableCores();

}  // namespace graphiqa
