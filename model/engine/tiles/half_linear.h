// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "tile_memory.h"

namespace graphiqa {

/// Outputs that are computed side by side.
inline constexpr int kLinearColumns = 32;

/// A linear layer whose weights are kept in half precision, which is what model
/// files are stored in: heads have many weights and use each just once per
/// view, so reading them is what takes the time. Values and sums are float.
struct HalfLinear {
  int in = 0, out = 0;
  bool relu = false;            ///< of the inputs
  TileVector<uint16_t> weight;  ///< [blocks][in][kLinearColumns] binary16
  std::vector<float> bias;      ///< [blocks * kLinearColumns]

  int Blocks() const { return (out + kLinearColumns - 1) / kLinearColumns; }
};

/// @param weight  [out][in]; values beyond the range of binary16 become
///   infinite
/// @param bias    [out], or null
HalfLinear MakeHalfLinear(const float* weight, const float* bias, int out,
                          int in, bool relu);

/// Rows of values, each `stride` after the one before.
struct LinearRows {
  const float* in;
  int64_t in_stride;
  float* out;
  int64_t out_stride;
  int count;
};

/// Computes some of the blocks of outputs. Needs AVX-512.
void RunHalfLinearAvx512(const HalfLinear& linear, const LinearRows& rows,
                         int first_block, int end_block);

}  // namespace graphiqa
