// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "pooling.h"

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cmath>

namespace graphiqa {
namespace {

/// sums[c] += values[c], or += (values[c] - centre[c])^2.
/// @param rows  [pixels,c], c fastest
void AddRows(const float* rows, int64_t pixels, int64_t channels,
             const float* centre, float* sums) {
  for (int64_t p = 0; p < pixels; ++p, rows += channels) {
    if (centre == nullptr) {
      for (int64_t c = 0; c < channels; ++c) sums[c] += rows[c];
    } else {
      for (int64_t c = 0; c < channels; ++c) {
        const float off = rows[c] - centre[c];
        sums[c] += off * off;
      }
    }
  }
}

/// Two passes, because a one-pass variance loses its digits where the mean is
/// large against the deviation.
void PoolImage(const float* rows, int64_t pixels, int64_t channels,
               bool deviation, float* out) {
  const float scale = 1.0f / static_cast<float>(pixels);
  std::fill(out, out + channels, 0.0f);
  AddRows(rows, pixels, channels, nullptr, out);
  for (int64_t c = 0; c < channels; ++c) out[c] *= scale;
  if (!deviation) return;
  float* squares = out + channels;
  std::fill(squares, squares + channels, 0.0f);
  AddRows(rows, pixels, channels, out, squares);
  for (int64_t c = 0; c < channels; ++c) {
    squares[c] = std::sqrt(squares[c] * scale);
  }
}

}  // namespace

void PoolMap(const at::Tensor& map, bool deviation, int64_t column,
             at::Tensor* features) {
  const at::Tensor rows =
      map.to(at::kFloat).contiguous(at::MemoryFormat::ChannelsLast);
  const int64_t channels = rows.size(1);
  const int64_t pixels = rows.size(2) * rows.size(3);
  const float* from = rows.const_data_ptr<float>();
  float* to = features->data_ptr<float>() + column;
  const int64_t stride = features->stride(0);
  at::parallel_for(0, rows.size(0), 1, [=](int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; ++n) {
      PoolImage(from + n * pixels * channels, pixels, channels, deviation,
                to + n * stride);
    }
  });
}

}  // namespace graphiqa
