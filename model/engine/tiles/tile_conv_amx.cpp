// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Compiled for AVX-512 and AMX: nothing here may run before AmxAvailable() was
// asked.
#include <immintrin.h>

#include "amx_session.h"
#include "avx512_finish.h"
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

  static void Fetch(const void* values) {
    _mm_prefetch(static_cast<const char*>(values), _MM_HINT_T1);
  }

  static void Finish(const float (*sums)[kPanelColumns], const TileConv& conv,
                     const TileRun& run) {
    const PanelFinish finish(conv, run.channel, run.channels);
    if (run.other != nullptr) {
      finish.whole() ? FinishRows<true, true>(sums, finish, conv, run)
                     : FinishRows<true, false>(sums, finish, conv, run);
    } else {
      finish.whole() ? FinishRows<false, true>(sums, finish, conv, run)
                     : FinishRows<false, false>(sums, finish, conv, run);
    }
  }

  template <bool Adds, bool Whole>
  static void FinishRows(const float (*sums)[kPanelColumns],
                         const PanelFinish& finish, const TileConv& conv,
                         const TileRun& run) {
    for (int i = 0; i < run.pixels; ++i) {
      finish.Write<Adds, Whole>(
          _mm512_load_ps(sums[i]), _mm512_load_ps(sums[i] + kTileColumns),
          Adds ? run.other + i * conv.other.channels : nullptr,
          run.out + i * conv.out.channels);
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
