// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace graphiqa {

/// One row of gradients, one row of the kernel and one row of inputs with its
/// border. Channels lie side by side in memory.
struct DepthwiseRows {
  int64_t width;     ///< OW, of the row of gradients
  int64_t channels;  ///< C
  int64_t kernel;    ///< k
  int64_t stride;
  const float* gradient;  ///< [OW,C]
  const float* input;     ///< [(OW - 1) * stride + k, C]
  const float* taps;      ///< [k,C]
  float* input_gradient;  ///< as `input`, added to
  float* taps_gradient;   ///< [k,C], added to
};

/// Adds everything that these rows contribute to the gradients.
void MeetRows(const DepthwiseRows& rows);

/// sum[c] += row[x][c] for all x.
/// @param row  [width,channels]
void AddRow(const float* row, int64_t width, int64_t channels, float* sum);

}  // namespace graphiqa
