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

/// How far apart pixels lie, bytes.
struct Distances {
  int64_t pixel, row;
};

/// Sums of some pixels for a panel of 16 or 32 channels.
template <typename Value, int Rows, int Pixels, int Columns>
struct PanelSums {
  __m512 sums[Rows][Pixels][Columns];

  /// Over `takes` multiplications of one step of the kernel.
  void Add(const Value* in, const Distances& distances, const Value* weights,
           int takes) {
    constexpr int kPointers = (Pixels + kPointerPixels - 1) / kPointerPixels;
    const int64_t distance = distances.pixel;
    const char* pixels[Rows][kPointers];
    for (int r = 0; r < Rows; ++r) {
      for (int i = 0; i < kPointers; ++i) {
        pixels[r][i] = reinterpret_cast<const char*>(in) + r * distances.row +
                       i * kPointerPixels * distance;
      }
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
      for (int i = 0; i < Rows * Pixels; ++i) {
        const int r = i / Pixels, p = i % Pixels;
        const __m512i x = Taken(pixels[r][p / kPointerPixels] +
                                p % kPointerPixels * distance);
#pragma GCC unroll 2
        for (int c = 0; c < Columns; ++c) {
          sums[r][p][c] = MultiplyAdd<Value>(sums[r][p][c], w[c], x);
        }
      }
#pragma GCC unroll 2
      for (auto& row : pixels) {
#pragma GCC unroll 8
        for (const char*& pixel : row) pixel += sizeof(float);
      }
    }
  }
};

template <typename Value, int Rows, int Pixels, int Columns>
void Compute(const TileConv& conv, const VectorRun<Value>& run, int panel) {
  PanelSums<Value, Rows, Pixels, Columns> panel_sums;
  auto& sums = panel_sums.sums;
  for (auto& row : sums) {
    for (auto& pixel : row) {
      for (__m512& sum : pixel) sum = _mm512_setzero_ps();
    }
  }
  constexpr int kTakes = kTaken<Value>;
  constexpr int64_t kBytes = sizeof(Value);
  const Window& window = conv.window;
  const Distances distances{kBytes * window.stride_x * conv.in.channels,
                            kBytes * window.stride_y * conv.in.RowValues()};
  const int row_takes = (window.width * conv.in.channels + kTakes - 1) / kTakes;
  const Value* weight = WeightsOf<Value>(conv) + PanelStart(conv, panel);
  const char* ahead = reinterpret_cast<const char*>(run.ahead);
  for (int y = 0; y < window.height; ++y) {
    const Value* in = run.in + y * conv.in.RowValues();
    for (int takes = row_takes; takes > 0; takes -= kStepTakes) {
      for (int i = 0; i < run.fetches; ++i, ahead += kTakeBytes) {
        _mm_prefetch(ahead, _MM_HINT_T1);
      }
      panel_sums.Add(in, distances, weight, std::min(takes, kStepTakes));
      in += kStepTakes * kTakes;
      weight += Columns * conv.StepWeights();
    }
  }
  const int channel = panel * kPanelColumns;
  const PanelFinish finish(
      conv, channel, std::min(kPanelColumns, conv.out.channels - channel));
  const auto write = [&](auto adds, auto whole) {
#pragma GCC unroll 16
    for (int i = 0; i < Rows * Pixels; ++i) {
      const int r = i / Pixels, p = i % Pixels;
      const int64_t other =
          r * conv.other.RowValues() + p * conv.other.channels + channel;
      const int64_t out =
          r * conv.out.RowValues() + p * conv.out.channels + channel;
      finish.Write<adds, whole>(
          sums[r][p][0],
          Columns > 1 ? sums[r][p][Columns - 1] : _mm512_setzero_ps(),
          adds ? run.other + other : nullptr, run.out + out);
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
template <typename Value, int Rows, int Columns, int... Less>
constexpr auto ComputeFunctions(std::integer_sequence<int, Less...>) {
  return std::array<ComputeFunction<Value>, sizeof...(Less)>{
      Compute<Value, Rows, Less + 1, Columns>...};
}

template <typename Value, int Rows, int Columns>
constexpr auto kComputeFunctions = ComputeFunctions<Value, Rows, Columns>(
    std::make_integer_sequence<int, kMostRunPixels / Rows>());

template <typename Value, int Columns>
ComputeFunction<Value> FindFunction(const VectorRun<Value>& run) {
  const auto at = static_cast<size_t>(run.pixels - 1);
  return run.rows == 2 ? kComputeFunctions<Value, 2, Columns>[at]
                       : kComputeFunctions<Value, 1, Columns>[at];
}

}  // namespace

template <typename Value>
void RunConvVectors(const TileConv& conv, const MapData<Value>& data,
                    int first_task, int end_task) {
  ForVectorRuns(conv, data, first_task, end_task,
                [&conv](const VectorRun<Value>& run, int panel) {
                  const auto compute = PanelTiles(conv, panel) == 2
                                           ? FindFunction<Value, 2>(run)
                                           : FindFunction<Value, 1>(run);
                  compute(conv, run, panel);
                });
}

template void RunConvVectors(const TileConv&, const MapData<Bits16>&, int, int);
template void RunConvVectors(const TileConv&, const MapData<float>&, int, int);

}  // namespace graphiqa
