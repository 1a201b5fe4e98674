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

/// A map in memory: rows of `width` pixels of `channels` values.
struct MapRows {
  int64_t height, width;
  int64_t row;  ///< values from one row to the next
  int64_t channels;
};

/// PoolMap() of one picture.
/// @param out  [channels], with deviations [2 channels]
void PoolRows(const c10::BFloat16* map, const MapRows& rows, bool deviation,
              float* out);
void PoolRows(const float* map, const MapRows& rows, bool deviation,
              float* out);

/// Means and population deviations over the pixels of each channel,
/// differentiable. The deviation of a constant channel is 0 and passes no
/// gradient. On the CPU, float32 and bfloat16 take kernels of our own:
/// LibTorch's reduction runs along one channel at a time, across memory.
/// @param map  [N,c,h,w], floating
/// @returns [N,2c]; float32 for a bfloat16 map
at::Tensor MeanAndDeviation(const at::Tensor& map);

}  // namespace graphiqa
