// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// How sums become values of a map. Only for files compiled for AVX-512:
/// nothing here may run before VectorsAvailable() was asked.
#pragma once

#include <immintrin.h>

#include <algorithm>

#include "tile_conv.h"

namespace graphiqa {

inline __m512 Widened(__m256i bits) {
  return _mm512_castsi512_ps(
      _mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16));
}

/// Bounds and bias of a panel's channels, and which of them there are.
class PanelFinish {
 public:
  PanelFinish(const TileConv& conv, int channel, int channels)
      : whole_(channels == kPanelColumns),
        mask_(0xffffffffu >> (kPanelColumns - channels)),
        low_(_mm512_set1_ps(conv.low)),
        high_(_mm512_set1_ps(conv.high)),
        bias_a_(_mm512_loadu_ps(conv.bias.data() + channel)),
        bias_b_(_mm512_loadu_ps(conv.bias.data() + channel + kTileColumns)) {}

  bool whole() const { return whole_; }

  /// One pixel: the panel's first and second 16 sums.
  template <bool Adds, bool Whole, typename Value>
  void Write(__m512 a, __m512 b, const Value* other, Value* out) const {
    a = _mm512_add_ps(a, bias_a_);
    b = _mm512_add_ps(b, bias_b_);
    if constexpr (Adds) Add<Whole>(other, &a, &b);
    // A NaN as second operand passes.
    a = _mm512_min_ps(high_, _mm512_max_ps(low_, a));
    b = _mm512_min_ps(high_, _mm512_max_ps(low_, b));
    Store<Whole>(a, b, out);
  }

 private:
  template <bool Whole>
  void Add(const Bits16* other, __m512* a, __m512* b) const {
    const __m512i values = Whole ? _mm512_loadu_si512(other)
                                 : _mm512_maskz_loadu_epi16(mask_, other);
    *a = _mm512_add_ps(*a, Widened(_mm512_castsi512_si256(values)));
    *b = _mm512_add_ps(*b, Widened(_mm512_extracti64x4_epi64(values, 1)));
  }

  template <bool Whole>
  void Add(const float* other, __m512* a, __m512* b) const {
    *a = _mm512_add_ps(*a, Whole ? _mm512_loadu_ps(other)
                                 : _mm512_maskz_loadu_ps(First(), other));
    *b = _mm512_add_ps(
        *b, Whole ? _mm512_loadu_ps(other + kTileColumns)
                  : _mm512_maskz_loadu_ps(Second(), other + kTileColumns));
  }

  template <bool Whole>
  void Store(__m512 a, __m512 b, Bits16* out) const {
    const auto both = (__m512i)_mm512_cvtne2ps_pbh(b, a);
    if constexpr (Whole) {
      _mm512_storeu_si512(out, both);
    } else {
      _mm512_mask_storeu_epi16(out, mask_, both);
    }
  }

  template <bool Whole>
  void Store(__m512 a, __m512 b, float* out) const {
    if constexpr (Whole) {
      _mm512_storeu_ps(out, a);
      _mm512_storeu_ps(out + kTileColumns, b);
    } else {
      _mm512_mask_storeu_ps(out, First(), a);
      _mm512_mask_storeu_ps(out + kTileColumns, Second(), b);
    }
  }

  __mmask16 First() const { return static_cast<__mmask16>(mask_); }
  __mmask16 Second() const {
    return static_cast<__mmask16>(mask_ >> kTileColumns);
  }

  const bool whole_;
  const __mmask32 mask_;
  const __m512 low_, high_, bias_a_, bias_b_;
};

}  // namespace graphiqa
