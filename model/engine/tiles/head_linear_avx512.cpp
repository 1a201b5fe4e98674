// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Compiled for AVX-512: nothing here may run before VectorsAvailable() was
// asked.
#include <immintrin.h>

#include <algorithm>

#include "head_linear.h"

namespace graphiqa {
namespace {

constexpr int kLanes = 16;
/// Inputs ahead of which weights are fetched from a far cache.
constexpr int kAhead = 48;
/// Rows that share a pass over the weights: their sums fit the registers.
constexpr int kMostRows = 8;

__m512 LoadWeights(const Half16* weight) {
  return _mm512_cvtph_ps(
      _mm256_loadu_si256(reinterpret_cast<const __m256i*>(weight)));
}

__m512 LoadWeights(const float* weight) { return _mm512_loadu_ps(weight); }

/// A block's outputs for `Rows` rows. Inputs are taken `Chains` at a time, each
/// into sums of its own, so that additions need not wait for each other.
template <typename Weight, int Rows, int Chains>
void RunBlock(const HeadLinear<Weight>& linear, const LinearRows& rows,
              int first, int block) {
  const int in = linear.in;
  const Weight* weight =
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
    const Weight* const w = weight + i * kLinearColumns;
    constexpr int kPerLine = kCacheLineBytes / sizeof(Weight);
    for (int line = 0; line < kLinearColumns; line += kPerLine) {
      _mm_prefetch(
          reinterpret_cast<const char*>(w + kAhead * kLinearColumns + line),
          _MM_HINT_T0);
    }
    const __m512 a = LoadWeights(w);
    const __m512 b = LoadWeights(w + kLanes);
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

template <typename Weight>
using BlockFunction = void (*)(const HeadLinear<Weight>&, const LinearRows&,
                               int, int);

template <typename Weight>
constexpr BlockFunction<Weight> kBlockFunctions[kMostRows + 1] = {
    nullptr,
    RunBlock<Weight, 1, 4>,
    RunBlock<Weight, 2, 4>,
    RunBlock<Weight, 3, 2>,
    RunBlock<Weight, 4, 2>,
    RunBlock<Weight, 5, 1>,
    RunBlock<Weight, 6, 1>,
    RunBlock<Weight, 7, 1>,
    RunBlock<Weight, 8, 1>};

}  // namespace

template <typename Weight>
void RunHeadLinearAvx512(const HeadLinear<Weight>& linear,
                         const LinearRows& rows, int first_block,
                         int end_block) {
  for (int block = first_block; block < end_block; ++block) {
    for (int first = 0; first < rows.count; first += kMostRows) {
      const int count = std::min(kMostRows, rows.count - first);
      kBlockFunctions<Weight>[count](linear, rows, first, block);
    }
  }
}

template void RunHeadLinearAvx512(const HeadLinear<Half16>& linear,
                                  const LinearRows& rows, int first_block,
                                  int end_block);
template void RunHeadLinearAvx512(const HeadLinear<float>& linear,
                                  const LinearRows& rows, int first_block,
                                  int end_block);

}  // namespace graphiqa
