// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Compiled for AVX-512: nothing here may run before VectorsAvailable() was
// asked.
#include <immintrin.h>

#include <algorithm>

#include "half_linear.h"

namespace graphiqa {
namespace {

constexpr int kLanes = 16;
/// Inputs ahead of which weights are fetched from a far cache.
constexpr int kAhead = 48;
/// Rows that share a pass over the weights: their sums fit the registers.
constexpr int kMostRows = 8;

/// A block's outputs for `Rows` rows. Inputs are taken `Chains` at a time, each
/// into sums of its own, so that additions need not wait for each other.
template <int Rows, int Chains>
void RunBlock(const HalfLinear& linear, const LinearRows& rows, int first,
              int block) {
  const int in = linear.in;
  const uint16_t* weight =
      linear.weight.data() + static_cast<int64_t>(block) * in * kLinearColumns;
  const float* x[Rows];
  for (int r = 0; r < Rows; ++r) x[r] = rows.in + (first + r) * rows.in_stride;
  // Inputs below it count as it.
  const float floor = linear.relu ? 0.0f : -__builtin_inff();
  __m512 sums[Chains][Rows][2];
  for (auto& chain : sums) {
    for (auto& row : chain) row[0] = row[1] = _mm512_setzero_ps();
  }
  const auto take = [&](int i, __m512(*to)[2]) {
    const auto* const w =
        reinterpret_cast<const __m256i*>(weight + i * kLinearColumns);
    _mm_prefetch(reinterpret_cast<const char*>(w) +
                     kAhead * kLinearColumns * sizeof(uint16_t),
                 _MM_HINT_T0);
    const __m512 a = _mm512_cvtph_ps(_mm256_loadu_si256(w));
    const __m512 b = _mm512_cvtph_ps(_mm256_loadu_si256(w + 1));
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
      const __m512 value = _mm512_set1_ps(x[r][i] < floor ? floor : x[r][i]);
      to[r][0] = _mm512_fmadd_ps(value, a, to[r][0]);
      to[r][1] = _mm512_fmadd_ps(value, b, to[r][1]);
    }
  };
  int i = 0;
  for (; i + Chains <= in; i += Chains) {
#pragma GCC unroll 4
    for (int c = 0; c < Chains; ++c) take(i + c, sums[c]);
  }
  for (; i < in; ++i) take(i, sums[0]);
  const int column = block * kLinearColumns;
  for (int half = 0; half < 2; ++half) {
    const int at = column + half * kLanes;
    const int count = std::clamp(linear.out - at, 0, kLanes);
    const auto mask = static_cast<__mmask16>((1u << count) - 1);
    const __m512 bias = _mm512_loadu_ps(linear.bias.data() + at);
    for (int r = 0; r < Rows; ++r) {
      __m512 sum = sums[0][r][half];
      for (int c = 1; c < Chains; ++c) {
        sum = _mm512_add_ps(sum, sums[c][r][half]);
      }
      _mm512_mask_storeu_ps(rows.out + (first + r) * rows.out_stride + at, mask,
                            _mm512_add_ps(sum, bias));
    }
  }
}

using BlockFunction = void (*)(const HalfLinear&, const LinearRows&, int, int);

constexpr BlockFunction kBlockFunctions[kMostRows + 1] = {
    nullptr,        RunBlock<1, 4>, RunBlock<2, 4>,
    RunBlock<3, 2>, RunBlock<4, 2>, RunBlock<5, 1>,
    RunBlock<6, 1>, RunBlock<7, 1>, RunBlock<8, 1>};

}  // namespace

void RunHalfLinearAvx512(const HalfLinear& linear, const LinearRows& rows,
                         int first_block, int end_block) {
  for (int block = first_block; block < end_block; ++block) {
    for (int first = 0; first < rows.count; first += kMostRows) {
      const int count = std::min(kMostRows, rows.count - first);
      kBlockFunctions[count](linear, rows, first, block);
    }
  }
}

}  // namespace graphiqa
