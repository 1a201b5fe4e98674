// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace graphiqa {

/// Whether this CPU has AVX-512 (F, BW, VL, DQ) with bfloat16, which all
/// kernels of this folder need.
bool VectorsAvailable();

/// Whether this CPU has AMX with bfloat16 as well, and the system lets this
/// process use it; asks for that the first time.
bool AmxAvailable();

}  // namespace graphiqa
