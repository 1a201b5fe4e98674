// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Compiled for AVX-512 with bfloat16: nothing here may run before
// VectorsAvailable() was asked.
#include <immintrin.h>

#include <array>
#include <cstring>
#include <utility>

#include "avx512_finish.h"
#include "dot_conv.h"

namespace graphiqa {
namespace {

constexpr int kStepPairs = kTileInputs / 2;
/// Pixels that share a pointer: at one, and at once and twice the distance
/// from it, as addresses can be written.
constexpr int kPointerPixels = 3;

inline __m512bh Weights(const Bits16* values) {
  return (__m512bh)_mm512_loadu_si512(values);
}

/// A pair of inputs, 16 times.
inline __m512bh Pair(const char* values) {
  int pair;
  std::memcpy(&pair, values, sizeof pair);
  return (__m512bh)_mm512_set1_epi32(pair);
}

/// Sums of some pixels for a panel of 16 or 32 channels.
template <int Pixels, int Columns>
struct DotSums {
  __m512 sums[Pixels][Columns];

  /// Over `pairs` inputs of one step of the kernel.
  void Add(const Bits16* in, int64_t distance_bytes, const Bits16* weight,
           int pairs) {
    constexpr int kPointers = (Pixels + kPointerPixels - 1) / kPointerPixels;
    const char* pixels[kPointers];
    for (int i = 0; i < kPointers; ++i) {
      pixels[i] = reinterpret_cast<const char*>(in) +
                  i * kPointerPixels * distance_bytes;
    }
    for (int pair = 0; pair < pairs; ++pair) {
      __m512bh w[Columns];
#pragma GCC unroll 2
      for (int c = 0; c < Columns; ++c) {
        w[c] = Weights(weight + c * kTileWeights);
      }
      weight += 2 * kTileColumns;
#pragma GCC unroll 16
      for (int p = 0; p < Pixels; ++p) {
        const __m512bh x = Pair(pixels[p / kPointerPixels] +
                                p % kPointerPixels * distance_bytes);
#pragma GCC unroll 2
        for (int c = 0; c < Columns; ++c) {
          sums[p][c] = _mm512_dpbf16_ps(sums[p][c], w[c], x);
        }
      }
#pragma GCC unroll 8
      for (const char*& pixel : pixels) pixel += 2 * sizeof(Bits16);
    }
  }
};

template <int Pixels, int Columns>
void Compute(const TileConv& conv, const DotRun& run, int panel) {
  DotSums<Pixels, Columns> sums;
  for (auto& pixel : sums.sums) {
    for (__m512& sum : pixel) sum = _mm512_setzero_ps();
  }
  const int64_t distance = static_cast<int64_t>(sizeof(Bits16)) *
                           conv.window.stride_x * conv.in.channels;
  const int row_pairs = (conv.window.width * conv.in.channels + 1) / 2;
  const Bits16* weight = conv.weight.data() + PanelStart(conv, panel);
  for (int y = 0; y < conv.window.height; ++y) {
    const Bits16* in = run.in + y * conv.in.RowValues();
    for (int pairs = row_pairs; pairs > 0; pairs -= kStepPairs) {
      sums.Add(in, distance, weight, std::min(pairs, kStepPairs));
      in += kTileInputs;
      weight += Columns * kTileWeights;
    }
  }
  const int channel = panel * kPanelColumns;
  const PanelFinish finish(
      conv, channel, std::min(kPanelColumns, conv.out.channels - channel));
  const auto write = [&](auto adds, auto whole) {
#pragma GCC unroll 16
    for (int p = 0; p < Pixels; ++p) {
      finish.Write<adds, whole>(
          sums.sums[p][0],
          Columns > 1 ? sums.sums[p][Columns - 1] : _mm512_setzero_ps(),
          adds ? run.other + p * conv.other.channels + channel : nullptr,
          run.out + p * conv.out.channels + channel);
    }
  };
  constexpr std::true_type kYes;
  constexpr std::false_type kNo;
  if (conv.adds) {
    finish.whole() ? write(kYes, kYes) : write(kYes, kNo);
  } else {
    finish.whole() ? write(kNo, kYes) : write(kNo, kNo);
  }
}

using ComputeFunction = void (*)(const TileConv&, const DotRun&, int panel);

/// One for each number of pixels from 1.
template <int Columns, int... Less>
constexpr auto ComputeFunctions(std::integer_sequence<int, Less...>) {
  return std::array<ComputeFunction, sizeof...(Less)>{
      Compute<Less + 1, Columns>...};
}

constexpr auto kSizes = std::make_integer_sequence<int, kMostDotPixels>();
constexpr auto kOneTile = ComputeFunctions<1>(kSizes);
constexpr auto kTwoTiles = ComputeFunctions<2>(kSizes);

}  // namespace

void RunConvDot(const TileConv& conv, const TileData& data, int first_task,
                int end_task) {
  ForDotRuns(conv, data, first_task, end_task,
             [&conv](const DotRun& run, int panel) {
               const auto& functions =
                   PanelTiles(conv, panel) == 2 ? kTwoTiles : kOneTile;
               functions[static_cast<size_t>(run.pixels - 1)](conv, run, panel);
             });
}

}  // namespace graphiqa
