// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Compiled for AVX-512 and AMX: nothing here may run, and no inline function of
// other files may be compiled, before TilesAvailable() was asked.
#include <immintrin.h>

#include "amx_session.h"
#include "tile_conv_kernel.h"

namespace graphiqa {
namespace {

/// The compiler's own functions take register numbers as tokens, so they cannot
/// be template arguments.
struct AmxUnit {
  template <int T>
  static void Load(const void* values, int64_t row_bytes) {
    asm volatile("tileloadd (%0,%1,1), %%tmm%c2" ::"r"(values), "r"(row_bytes),
                 "i"(T)
                 : "memory");
  }

  template <int T>
  static void Zero() {
    asm volatile("tilezero %%tmm%c0" ::"i"(T));
  }

  template <int C, int A, int B>
  static void Multiply() {
    asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" ::"i"(C), "i"(A),
                 "i"(B));
  }

  template <int T>
  static void Store(void* sums, int64_t row_bytes) {
    asm volatile("tilestored %%tmm%c2, (%0,%1,1)" ::"r"(sums), "r"(row_bytes),
                 "i"(T)
                 : "memory");
  }

  static __m512 Widened(__m256i bits) {
    return _mm512_castsi512_ps(
        _mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16));
  }

  static void Fetch(const void* values) {
    _mm_prefetch(static_cast<const char*>(values), _MM_HINT_T1);
  }

  static void Finish(const float (*sums)[kPanelColumns], const TileConv& conv,
                     const TileRun& run) {
    if (run.other != nullptr) {
      run.channels == kPanelColumns ? FinishRows<true, true>(sums, conv, run)
                                    : FinishRows<true, false>(sums, conv, run);
    } else {
      run.channels == kPanelColumns ? FinishRows<false, true>(sums, conv, run)
                                    : FinishRows<false, false>(sums, conv, run);
    }
  }

  template <bool Adds, bool Whole>
  static void FinishRows(const float (*sums)[kPanelColumns],
                         const TileConv& conv, const TileRun& run) {
    const float* const bias = conv.bias.data() + run.channel;
    const __m512 bias_a = _mm512_loadu_ps(bias);
    const __m512 bias_b = _mm512_loadu_ps(bias + kTileColumns);
    const __m512 low = _mm512_set1_ps(conv.low);
    const __m512 high = _mm512_set1_ps(conv.high);
    const __mmask32 mask = 0xffffffffu >> (kPanelColumns - run.channels);
    for (int i = 0; i < run.pixels; ++i) {
      __m512 a = _mm512_add_ps(_mm512_load_ps(sums[i]), bias_a);
      __m512 b = _mm512_add_ps(_mm512_load_ps(sums[i] + kTileColumns), bias_b);
      if constexpr (Adds) {
        const Bits16* const from = run.other + i * conv.other.channels;
        const __m512i values = Whole ? _mm512_loadu_si512(from)
                                     : _mm512_maskz_loadu_epi16(mask, from);
        a = _mm512_add_ps(a, Widened(_mm512_castsi512_si256(values)));
        b = _mm512_add_ps(b, Widened(_mm512_extracti64x4_epi64(values, 1)));
      }
      // A NaN as second operand passes.
      a = _mm512_min_ps(high, _mm512_max_ps(low, a));
      b = _mm512_min_ps(high, _mm512_max_ps(low, b));
      const auto both = (__m512i)_mm512_cvtne2ps_pbh(b, a);
      Bits16* const to = run.out + i * conv.out.channels;
      if constexpr (Whole) {
        _mm512_storeu_si512(to, both);
      } else {
        _mm512_mask_storeu_epi16(to, mask, both);
      }
    }
  }
};

}  // namespace

void RunConvAmx(const TileConv& conv, const TileData& data, int first_task,
                int end_task) {
  const AmxSession session;
  TileConvKernel<AmxUnit>(conv, data).Run(first_task, end_task);
}

}  // namespace graphiqa
