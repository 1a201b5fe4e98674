// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Compiled for AVX-512: nothing here may run on another CPU.
#include "area_filter_avx512.h"

#include <immintrin.h>

#include <algorithm>
#include <array>

namespace graphiqa {
namespace {

constexpr int kRows = AreaFilter::kRows;
constexpr int kLanes = 16;
constexpr int kLineBytes = 64;

__m512 LoadValues(const uint8_t* from) {
  return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(from))));
}

__m512 LoadValues(const uint16_t* from) {
  return _mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(
      _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from))));
}

struct Block {
  __m512 rows[kRows];
};

/// In pairs of 32, then 64 bits, then parts of 128 bits.
inline __attribute__((always_inline)) void Transpose(Block* block) {
  __m512* const r = block->rows;
  __m512 t[kRows];
#pragma GCC unroll 8
  for (size_t i = 0; i < kRows; i += 2) {
    t[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
    t[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
  }
  const auto low = [](__m512 a, __m512 b) {
    return _mm512_castpd_ps(
        _mm512_unpacklo_pd(_mm512_castps_pd(a), _mm512_castps_pd(b)));
  };
  const auto high = [](__m512 a, __m512 b) {
    return _mm512_castpd_ps(
        _mm512_unpackhi_pd(_mm512_castps_pd(a), _mm512_castps_pd(b)));
  };
  // r[4q + c]: rows 4q to 4q + 3 of column c of each part.
#pragma GCC unroll 8
  for (size_t q = 0; q < kRows; q += 4) {
    r[q] = low(t[q], t[q + 2]);
    r[q + 1] = high(t[q], t[q + 2]);
    r[q + 2] = low(t[q + 1], t[q + 3]);
    r[q + 3] = high(t[q + 1], t[q + 3]);
  }
#pragma GCC unroll 8
  for (size_t c = 0; c < 4; ++c) {
    t[c] = _mm512_shuffle_f32x4(r[c], r[c + 4], 0x44);
    t[c + 4] = _mm512_shuffle_f32x4(r[c], r[c + 4], 0xee);
    t[c + 8] = _mm512_shuffle_f32x4(r[c + 8], r[c + 12], 0x44);
    t[c + 12] = _mm512_shuffle_f32x4(r[c + 8], r[c + 12], 0xee);
  }
#pragma GCC unroll 8
  for (size_t c = 0; c < 4; ++c) {
    r[c] = _mm512_shuffle_f32x4(t[c], t[c + 8], 0x88);
    r[c + 4] = _mm512_shuffle_f32x4(t[c], t[c + 8], 0xdd);
    r[c + 8] = _mm512_shuffle_f32x4(t[c + 4], t[c + 12], 0x88);
    r[c + 12] = _mm512_shuffle_f32x4(t[c + 4], t[c + 12], 0xdd);
  }
}

/// How a few rows of outputs come from rows of a plane.
struct Plan {
  const uint8_t* from =
      nullptr;         ///< value `begin` of the first row that is seen
  int rows = 0;        ///< that are seen
  int rows_ahead = 0;  ///< after those, that the next outputs will see
  int taps = 0;
  std::array<int, kRows> first{};             ///< of the rows seen
  std::array<const float*, kRows> weights{};  ///< one per tap
};

Plan PlanOf(const PlaneRows& plane, const AxisTaps& down, int first) {
  const auto output = [&down](int i) {
    return static_cast<size_t>(std::min(i, down.outputs() - 1));
  };
  const auto end = [&](int i) { return down.first[output(i)] + down.taps; };
  Plan plan;
  const int begin = down.first[output(first)];
  plan.from = plane.data + plane.stride * begin +
              static_cast<ptrdiff_t>(plane.begin) * plane.value_bytes;
  plan.rows = end(first + kRows - 1) - begin;
  plan.rows_ahead = end(first + 2 * kRows - 1) - end(first + kRows - 1);
  plan.taps = down.taps;
  for (int r = 0; r < kRows; ++r) {
    const size_t i = output(first + r);
    plan.first[static_cast<size_t>(r)] = down.first[i] - begin;
    plan.weights[static_cast<size_t>(r)] =
        down.weights.data() + i * static_cast<size_t>(down.taps);
  }
  return plan;
}

/// Values of each row that are worked on at a time: a line of the cache of
/// bytes.
constexpr int kWide = 64;

/// Reads `values`, at most kWide, of each row that is seen.
/// @param from  the first of them in the first row
/// @param seen  [plan.rows][kWide]
template <typename Value>
void ReadRows(const Plan& plan, const uint8_t* from, ptrdiff_t stride,
              int values, float* seen) {
  for (int i = 0; i < plan.rows; ++i, from += stride, seen += kWide) {
    const auto* const row = reinterpret_cast<const Value*>(from);
    for (int v = 0; v < values; v += kLanes) {
      _mm512_store_ps(seen + v, LoadValues(row + v));
    }
  }
}

/// 16 values of each output.
/// @param seen  what ReadRows() left, from the first of them on
void AddUp(const Plan& plan, const float* seen, float* columns) {
  Block sums;
#pragma GCC unroll 16
  for (size_t r = 0; r < kRows; ++r) {
    const float* row = seen + plan.first[r] * kWide;
    const float* const weights = plan.weights[r];
    __m512 sum = _mm512_mul_ps(_mm512_set1_ps(weights[0]), _mm512_load_ps(row));
    for (int t = 1; t < plan.taps; ++t) {
      row += kWide;
      sum =
          _mm512_fmadd_ps(_mm512_set1_ps(weights[t]), _mm512_load_ps(row), sum);
    }
    sums.rows[r] = sum;
  }
  Transpose(&sums);
#pragma GCC unroll 16
  for (size_t r = 0; r < kRows; ++r) {
    _mm512_storeu_ps(columns + r * kRows, sums.rows[r]);
  }
}

/// The caches' own foresight does not follow so many rows at a time.
void Fetch(const uint8_t* row, ptrdiff_t stride, int rows) {
  for (int i = 0; i < rows; ++i, row += stride) {
    _mm_prefetch(reinterpret_cast<const char*>(row), _MM_HINT_T1);
  }
}

template <typename Value>
void DownAll(const PlaneRows& plane, const Plan& plan, float* seen,
             float* columns) {
  const int count = plane.end - plane.begin;
  int first = 0;
  while (first < count) {
    // The last vectors overlap those before.
    int values = std::min((count - first) / kLanes * kLanes, kWide);
    if (values == 0) {
      first = count - kLanes;
      values = kLanes;
    }
    const uint8_t* const from =
        plan.from + static_cast<ptrdiff_t>(first) * plane.value_bytes;
    Fetch(from + plane.stride * plan.rows, plane.stride, plan.rows_ahead);
    ReadRows<Value>(plan, from, plane.stride, values, seen);
    for (int v = 0; v < values; v += kLanes) {
      AddUp(plan, seen + v,
            columns + static_cast<ptrdiff_t>(first + v) * kRows);
    }
    first += values;
  }
}

/// Four floats of a matrix.
struct Factors {
  __m512 a, b, c, offset;

  explicit Factors(const std::array<float, 4>& row)
      : a(_mm512_set1_ps(row[0])),
        b(_mm512_set1_ps(row[1])),
        c(_mm512_set1_ps(row[2])),
        offset(_mm512_set1_ps(row[3])) {}

  /// Rounded and bounded to 0 to 255.
  __m512i Codes(__m512 x, __m512 y, __m512 z) const {
    const __m512 value = _mm512_fmadd_ps(
        a, x, _mm512_fmadd_ps(b, y, _mm512_fmadd_ps(c, z, offset)));
    const __m512 bounded = _mm512_min_ps(
        _mm512_max_ps(value, _mm512_setzero_ps()), _mm512_set1_ps(255));
    return _mm512_cvttps_epi32(_mm512_add_ps(bounded, _mm512_set1_ps(0.5f)));
  }
};

/// The lower three bytes of each of 16 values.
void StorePacked(__m512i values, uint8_t* to) {
  const __m512i within = _mm512_broadcast_i32x4(
      _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1));
  const __m512i parts =
      _mm512_setr_epi32(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 15, 15, 15, 15);
  const __m512i packed =
      _mm512_permutexvar_epi32(parts, _mm512_shuffle_epi8(values, within));
  constexpr __mmask16 kThreeQuarters = 0x0fff;
  _mm512_mask_storeu_epi32(to, kThreeQuarters, packed);
}

}  // namespace

bool AreaAvx512Available() {
  static const bool available =
      __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("fma");
  return available;
}

bool AreaDownAvx512(const PlaneRows& plane, const AxisTaps& down, int first,
                    std::vector<float>* scratch, float* columns) {
  if (plane.end - plane.begin < kLanes) return false;
  const Plan plan = PlanOf(plane, down, first);
  const size_t values = static_cast<size_t>(plan.rows + 1) * kWide;
  if (scratch->size() < values) scratch->resize(values);
  const auto address = reinterpret_cast<uintptr_t>(scratch->data());
  auto* const seen = reinterpret_cast<float*>((address + kLineBytes - 1) /
                                              kLineBytes * kLineBytes);
  const auto all =
      plane.value_bytes == 1 ? DownAll<uint8_t> : DownAll<uint16_t>;
  all(plane, plan, seen, columns);
  return true;
}

void AreaAcrossAvx512(const float* columns, int step, int offset,
                      const AxisTaps& across, float* to) {
  const int taps = across.taps;
  const float* weights = across.weights.data();
  for (const int first : across.first) {
    const float* column =
        columns + static_cast<ptrdiff_t>(first * step + offset) * kRows;
    __m512 sum =
        _mm512_mul_ps(_mm512_set1_ps(weights[0]), _mm512_loadu_ps(column));
    for (int t = 1; t < taps; ++t) {
      column += step * kRows;
      sum = _mm512_fmadd_ps(_mm512_set1_ps(weights[t]), _mm512_loadu_ps(column),
                            sum);
    }
    _mm512_storeu_ps(to, sum);
    weights += taps;
    to += kRows;
  }
}

int WriteRgbRowsAvx512(const ComponentRows& components, const RgbMatrix& matrix,
                       int width, int rows, uint8_t* rgb) {
  const Factors red(matrix[0]);
  const Factors green(matrix[1]);
  const Factors blue(matrix[2]);
  int x = 0;
  for (; x + kLanes <= width; x += kLanes) {
    Block pixels;
    for (int i = 0; i < kLanes; ++i) {
      const ptrdiff_t at = static_cast<ptrdiff_t>(x + i) * kRows;
      const __m512 a = _mm512_loadu_ps(components[0].data() + at);
      const __m512 b = _mm512_loadu_ps(components[1].data() + at);
      const __m512 c = _mm512_loadu_ps(components[2].data() + at);
      const __m512i upper =
          _mm512_or_si512(_mm512_slli_epi32(green.Codes(a, b, c), 8),
                          _mm512_slli_epi32(blue.Codes(a, b, c), 16));
      pixels.rows[i] =
          _mm512_castsi512_ps(_mm512_or_si512(red.Codes(a, b, c), upper));
    }
    Transpose(&pixels);
    for (int r = 0; r < rows; ++r) {
      StorePacked(_mm512_castps_si512(pixels.rows[r]),
                  rgb + 3 * (static_cast<ptrdiff_t>(r) * width + x));
    }
  }
  return x;
}

}  // namespace graphiqa
