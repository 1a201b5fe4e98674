// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "area_filter.h"

#include <algorithm>

#include "area_filter_avx512.h"
#include "clones.h"
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace graphiqa {
namespace {

constexpr int kRows = AreaFilter::kRows;
/// Rows of samples that are added up in one pass.
constexpr int kTogether = 8;

struct WeightedRows {
  const uint8_t* rows[kTogether];
  float weights[kTogether];
};

template <typename Value, int Rows>
GRAPHIQA_INLINE void AddRowsOf(const WeightedRows& from, int count, bool fresh,
                               float* __restrict to) {
  const Value* row[Rows];
  for (int r = 0; r < Rows; ++r) {
    row[r] = reinterpret_cast<const Value*>(from.rows[r]);
  }
  for (int i = 0; i < count; ++i) {
    float sum = fresh ? 0 : to[i];
    for (int r = 0; r < Rows; ++r) {
      sum += from.weights[r] * static_cast<float>(row[r][i]);
    }
    to[i] = sum;
  }
}

template <typename Value, int Most = kTogether>
GRAPHIQA_INLINE void AddRows(const WeightedRows& from, int rows, int count,
                             bool fresh, float* to) {
  if constexpr (Most > 1) {
    if (rows < Most)
      return AddRows<Value, Most - 1>(from, rows, count, fresh, to);
  }
  AddRowsOf<Value, Most>(from, count, fresh, to);
}

GRAPHIQA_CLONES void AddRowsOfBytes(const WeightedRows& from, int rows,
                                    int count, bool fresh, float* to) {
  AddRows<uint8_t>(from, rows, count, fresh, to);
}

GRAPHIQA_CLONES void AddRowsOfWords(const WeightedRows& from, int rows,
                                    int count, bool fresh, float* to) {
  AddRows<uint16_t>(from, rows, count, fresh, to);
}

/// [kRows][count] to [count][kRows].
void Transpose(const float* from, int count, float* to) {
  int i = 0;
#if defined(__SSE__)
  for (; i + 4 <= count; i += 4) {
    for (int r = 0; r < kRows; r += 4) {
      const float* const at = from + static_cast<ptrdiff_t>(r) * count + i;
      __m128 a = _mm_loadu_ps(at);
      __m128 b = _mm_loadu_ps(at + count);
      __m128 c = _mm_loadu_ps(at + 2 * static_cast<ptrdiff_t>(count));
      __m128 d = _mm_loadu_ps(at + 3 * static_cast<ptrdiff_t>(count));
      _MM_TRANSPOSE4_PS(a, b, c, d);
      float* const out = to + static_cast<ptrdiff_t>(i) * kRows + r;
      _mm_storeu_ps(out, a);
      _mm_storeu_ps(out + kRows, b);
      _mm_storeu_ps(out + 2 * kRows, c);
      _mm_storeu_ps(out + 3 * kRows, d);
    }
  }
#endif
  for (; i < count; ++i) {
    for (int r = 0; r < kRows; ++r) {
      to[i * kRows + r] = from[static_cast<ptrdiff_t>(r) * count + i];
    }
  }
}

/// @param columns  from the first value on
GRAPHIQA_CLONES void FilterAcross(const float* __restrict columns, int step,
                                  int offset, const int* __restrict first,
                                  const float* __restrict weights, int taps,
                                  int outputs, float* __restrict to) {
  for (int i = 0; i < outputs; ++i) {
    float sums[kRows] = {};
    const float* column =
        columns + static_cast<ptrdiff_t>(first[i] * step + offset) * kRows;
    for (int t = 0; t < taps; ++t, column += step * kRows) {
      const float weight = weights[static_cast<ptrdiff_t>(i) * taps + t];
      for (int r = 0; r < kRows; ++r) sums[r] += weight * column[r];
    }
    for (int r = 0; r < kRows; ++r) to[i * kRows + r] = sums[r];
  }
}

}  // namespace

#ifdef GRAPHIQA_AREA_AVX512
AreaFilter::AreaFilter(bool plain) : plain_(plain || !AreaAvx512Available()) {}
#else
AreaFilter::AreaFilter(bool) : plain_(true) {}
#endif

void AreaFilter::Down(const PlaneRows& plane, const AxisTaps& down, int first) {
  begin_ = plane.begin;
  columns_.resize(static_cast<size_t>(plane.end - plane.begin) * kRows);
#ifdef GRAPHIQA_AREA_AVX512
  if (!plain_ && AreaDownAvx512(plane, down, first, &rows_, columns_.data())) {
    return;
  }
#endif
  const int count = plane.end - plane.begin;
  rows_.resize(columns_.size());
  const uint8_t* const base =
      plane.data + static_cast<ptrdiff_t>(plane.begin) * plane.value_bytes;
  const auto add = plane.value_bytes == 1 ? AddRowsOfBytes : AddRowsOfWords;
  for (int r = 0; r < kRows; ++r) {
    const auto output =
        static_cast<size_t>(std::min(first + r, down.outputs() - 1));
    const float* const weights =
        down.weights.data() + output * static_cast<size_t>(down.taps);
    for (int t = 0; t < down.taps; t += kTogether) {
      const int together = std::min(down.taps - t, kTogether);
      WeightedRows rows{};
      for (int k = 0; k < together; ++k) {
        rows.rows[k] = base + plane.stride * (down.first[output] + t + k);
        rows.weights[k] = weights[t + k];
      }
      add(rows, together, count, t == 0,
          rows_.data() + static_cast<ptrdiff_t>(r) * count);
    }
  }
  Transpose(rows_.data(), count, columns_.data());
}

void AreaFilter::Across(int step, int offset, const AxisTaps& across,
                        float* to) const {
  const int from = offset - begin_;
#ifdef GRAPHIQA_AREA_AVX512
  if (!plain_) {
    AreaAcrossAvx512(columns_.data(), step, from, across, to);
    return;
  }
#endif
  FilterAcross(columns_.data(), step, from, across.first.data(),
               across.weights.data(), across.taps, across.outputs(), to);
}

}  // namespace graphiqa
