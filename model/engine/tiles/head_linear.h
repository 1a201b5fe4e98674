// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "tile_memory.h"

namespace graphiqa {

/// Outputs that are computed side by side.
inline constexpr int kLinearColumns = 32;

/// A weight in half precision.
struct Half16 {
  uint16_t bits;  ///< binary16
};

/// A linear layer of the heads. Values and sums are float.
/// @tparam Weight  float, or Half16: heads have many weights and use each just
///   once per view, so reading them is what takes the time, and model files are
///   stored in half precision
template <typename Weight>
struct HeadLinear {
  int in = 0, out = 0;
  bool relu = false;          ///< of the inputs
  TileVector<Weight> weight;  ///< [blocks][in][kLinearColumns]
  std::vector<float> bias;    ///< [blocks * kLinearColumns]

  int Blocks() const { return (out + kLinearColumns - 1) / kLinearColumns; }
};

/// @param weight  [out][in]; values beyond the range of Weight become infinite
/// @param bias    [out], or null
template <typename Weight>
HeadLinear<Weight> MakeHeadLinear(const float* weight, const float* bias,
                                  int out, int in, bool relu);

/// Rows of values, each `stride` after the one before.
struct LinearRows {
  const float* in;
  int64_t in_stride;
  float* out;
  int64_t out_stride;
  int count;
};

/// Computes some of the blocks of outputs. Needs AVX-512.
template <typename Weight>
void RunHeadLinearAvx512(const HeadLinear<Weight>& linear,
                         const LinearRows& rows, int first_block,
                         int end_block);

}  // namespace graphiqa
