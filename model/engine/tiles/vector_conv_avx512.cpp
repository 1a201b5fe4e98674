// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Compiled for AVX-512: nothing here may run before VectorsAvailable() was
// asked.
#include <immintrin.h>

#include <array>
#include <cstring>
#include <utility>

#include "avx512_finish.h"
#include "vector_conv.h"

namespace graphiqa {
namespace {

/// Multiplications of a step, each of what a tile's row of weights holds.
constexpr int kStepTakes = kTileRows;
constexpr int kTakeBytes = 64;
/// Pixels that share a pointer: at one, and at once and twice the distance
/// from it, as addresses can be written.
constexpr int kPointerPixels = 3;

/// A pair of bfloat16 or a float, 16 times.
inline __m512i Taken(const char* values) {
  int bits;
  std::memcpy(&bits, values, sizeof bits);
  return _mm512_set1_epi32(bits);
}

template <typename Value>
inline __m512 MultiplyAdd(__m512 sum, __m512i weights, __m512i inputs) {
  if constexpr (kTaken<Value> == 1) {
    return _mm512_fmadd_ps(_mm512_castsi512_ps(weights),
                           _mm512_castsi512_ps(inputs), sum);
  } else {
    return _mm512_dpbf16_ps(sum, (__m512bh)weights, (__m512bh)inputs);
  }
}

/// Sums of some pixels for a panel of 16 or 32 channels.
template <typename Value, int Pixels, int Columns>
struct PanelSums {
  __m512 sums[Pixels][Columns];

  /// Over `takes` multiplications of one step of the kernel.
  /// @param distance  of the pixels, bytes
  void Add(const Value* in, int64_t distance, const Value* weights, int takes) {
    constexpr int kPointers = (Pixels + kPointerPixels - 1) / kPointerPixels;
    const char* pixels[kPointers];
    for (int i = 0; i < kPointers; ++i) {
      pixels[i] =
          reinterpret_cast<const char*>(in) + i * kPointerPixels * distance;
    }
    const char* weight = reinterpret_cast<const char*>(weights);
    for (int take = 0; take < takes; ++take) {
      __m512i w[Columns];
#pragma GCC unroll 2
      for (int c = 0; c < Columns; ++c) {
        w[c] = _mm512_loadu_si512(weight + c * kStepTakes * kTakeBytes);
      }
      weight += kTakeBytes;
#pragma GCC unroll 16
      for (int p = 0; p < Pixels; ++p) {
        const __m512i x =
            Taken(pixels[p / kPointerPixels] + p % kPointerPixels * distance);
#pragma GCC unroll 2
        for (int c = 0; c < Columns; ++c) {
          sums[p][c] = MultiplyAdd<Value>(sums[p][c], w[c], x);
        }
      }
#pragma GCC unroll 8
      for (const char*& pixel : pixels) pixel += sizeof(float);
    }
  }
};

template <typename Value, int Pixels, int Columns>
void Compute(const TileConv& conv, const VectorRun<Value>& run, int panel) {
  PanelSums<Value, Pixels, Columns> panel_sums;
  auto& sums = panel_sums.sums;
  for (auto& pixel : sums) {
    for (__m512& sum : pixel) sum = _mm512_setzero_ps();
  }
  constexpr int kTakes = kTaken<Value>;
  const int64_t distance = static_cast<int64_t>(sizeof(Value)) *
                           conv.window.stride_x * conv.in.channels;
  const int row_takes =
      (conv.window.width * conv.in.channels + kTakes - 1) / kTakes;
  const Value* weight = WeightsOf<Value>(conv) + PanelStart(conv, panel);
  for (int y = 0; y < conv.window.height; ++y) {
    const Value* in = run.in + y * conv.in.RowValues();
    for (int takes = row_takes; takes > 0; takes -= kStepTakes) {
      panel_sums.Add(in, distance, weight, std::min(takes, kStepTakes));
      in += kStepTakes * kTakes;
      weight += Columns * conv.StepWeights();
    }
  }
  const int channel = panel * kPanelColumns;
  const PanelFinish finish(
      conv, channel, std::min(kPanelColumns, conv.out.channels - channel));
  const auto write = [&](auto adds, auto whole) {
#pragma GCC unroll 16
    for (int p = 0; p < Pixels; ++p) {
      finish.Write<adds, whole>(
          sums[p][0], Columns > 1 ? sums[p][Columns - 1] : _mm512_setzero_ps(),
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

template <typename Value>
using ComputeFunction = void (*)(const TileConv&, const VectorRun<Value>&,
                                 int panel);

/// One for each number of pixels from 1.
template <typename Value, int Columns, int... Less>
constexpr auto ComputeFunctions(std::integer_sequence<int, Less...>) {
  return std::array<ComputeFunction<Value>, sizeof...(Less)>{
      Compute<Value, Less + 1, Columns>...};
}

constexpr auto kSizes = std::make_integer_sequence<int, kMostRunPixels>();
template <typename Value>
constexpr auto kOneTile = ComputeFunctions<Value, 1>(kSizes);
template <typename Value>
constexpr auto kTwoTiles = ComputeFunctions<Value, 2>(kSizes);

}  // namespace

template <typename Value>
void RunConvVectors(const TileConv& conv, const MapData<Value>& data,
                    int first_task, int end_task) {
  ForVectorRuns(
      conv, data, first_task, end_task,
      [&conv](const VectorRun<Value>& run, int panel) {
        const auto& functions =
            PanelTiles(conv, panel) == 2 ? kTwoTiles<Value> : kOneTile<Value>;
        functions[static_cast<size_t>(run.pixels - 1)](conv, run, panel);
      });
}

template void RunConvVectors(const TileConv&, const MapData<Bits16>&, int, int);
template void RunConvVectors(const TileConv&, const MapData<float>&, int, int);

}  // namespace graphiqa
