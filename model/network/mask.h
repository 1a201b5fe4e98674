// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "conv_spec.h"

namespace graphiqa {

/// The gradient where the clamped result lies strictly between the bounds, else
/// 0, as LibTorch's relu and hardtanh have it.
/// @param gradient,y  of one shape and type, float or bfloat16, on the CPU
/// @param clamp       its low bound is 0
/// @returns channels-last
at::Tensor MaskGradient(const at::Tensor& gradient, const at::Tensor& y,
                        const Clamp& clamp);

/// The same on rows; `gradient` and `masked` may be one.
void MaskRow(const uint16_t* gradient, const uint16_t* y, uint16_t high,
             int64_t count, uint16_t* masked);
void MaskRow(const uint32_t* gradient, const uint32_t* y, uint32_t high,
             int64_t count, uint32_t* masked);

/// The bits of a bound that is not negative.
uint16_t Bfloat16Bits(double bound);
uint32_t FloatBits(double bound);

}  // namespace graphiqa
