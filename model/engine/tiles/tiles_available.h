// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace graphiqa {

/// Whether this CPU and this system let plans multiply tiles: AMX
/// and AVX-512, both with bfloat16. The first call asks the system for the use
/// of AMX on behalf of the whole process.
bool TilesAvailable();

}  // namespace graphiqa
