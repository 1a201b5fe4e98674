// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace graphiqa {

/// Whether this CPU has AVX-512 (F, BW, VL, DQ) and FMA, which all kernels of
/// this folder need.
bool VectorsAvailable();

/// Whether it multiplies bfloat16 in vectors too (AVX512-BF16).
bool Bf16VectorsAvailable();

/// Whether it has AMX with bfloat16 as well, and the system lets this process
/// use it; asks for that the first time.
bool AmxAvailable();

}  // namespace graphiqa
