// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/util/BFloat16.h>

#include <cstdint>

namespace graphiqa {

/// Values as float.
void Widen(const c10::BFloat16* from, float* to, int64_t count);
void Widen(const float* from, float* to, int64_t count);

/// Values rounded to nearest even; NaN may become infinite.
void Narrow(const float* from, c10::BFloat16* to, int64_t count);
void Narrow(const float* from, float* to, int64_t count);

}  // namespace graphiqa
