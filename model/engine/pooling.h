// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace graphiqa {

/// Writes the means over the pixels of each channel into columns `column`,
/// `column` + 1, … of `features` and, if asked, their population standard
/// deviations into the columns after those. Sums in float32.
/// @param map       [N,c,h,w], float32 or bfloat16, channels-last
/// @param features  [N,F] float32, contiguous
void PoolMap(const at::Tensor& map, bool deviation, int64_t column,
             at::Tensor* features);

}  // namespace graphiqa
