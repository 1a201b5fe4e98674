// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "picture_spectrum.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "clones.h"
#include "picture_planes.h"

namespace graphiqa {
namespace {

constexpr int kSide = kSpectrumSide;

using Square = float[kSide][kSide];

struct Tables {
  float window[kSide];
  Complex turns[kSide];
};

const Tables& TablesOnce() {
  static const Tables tables = [] {
    Tables made{};
    for (int i = 0; i < kSide; ++i) {
      made.window[i] = HannWeight(i);
      made.turns[i] = TurnOf(i);
    }
    return made;
  }();
  return tables;
}

/// Two windows A and B as A + iB, and their spectra's sums by frequency.
struct Workspace {
  alignas(64) Square re, im;
  alignas(64) float powers[kHalfSpectrum + 1][kSide];
  alignas(64) float logs[kHalfSpectrum + 1][kSide];
};

GRAPHIQA_INLINE int SumOf(const int16_t* luma, ptrdiff_t stride) {
  int sum = 0;  // at most 4096 * 16320
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) sum += luma[y * stride + x];
  }
  return sum;
}

GRAPHIQA_INLINE void LoadRow(const int16_t* __restrict luma, int sum,
                             float weight, const float* __restrict window,
                             float* __restrict to) {
  for (int x = 0; x < kSide; ++x) {
    to[x] = WithoutMean(luma[x], sum) * (weight * window[x]);
  }
}

GRAPHIQA_INLINE void Load(const int16_t* luma, ptrdiff_t stride, Square to) {
  const Tables& tables = TablesOnce();
  const int sum = SumOf(luma, stride);
  for (int y = 0; y < kSide; ++y) {
    LoadRow(luma + y * stride, sum, tables.window[y], tables.window,
            to[ReversedPlace(y)]);
  }
}

/// Rows of four values, all 64 columns at once.
GRAPHIQA_INLINE void CombineRows(float* __restrict re0, float* __restrict im0,
                                 float* __restrict re1, float* __restrict im1,
                                 float* __restrict re2, float* __restrict im2,
                                 float* __restrict re3, float* __restrict im3,
                                 Complex one, Complex two, Complex three) {
  for (int x = 0; x < kSide; ++x) {
    const Butterfly to = Combined({{{re0[x], im0[x]},
                                    {re1[x], im1[x]},
                                    {re2[x], im2[x]},
                                    {re3[x], im3[x]}}},
                                  one, two, three);
    re0[x] = to.values[0].re;
    im0[x] = to.values[0].im;
    re1[x] = to.values[1].re;
    im1[x] = to.values[1].im;
    re2[x] = to.values[2].re;
    im2[x] = to.values[2].im;
    re3[x] = to.values[3].re;
    im3[x] = to.values[3].im;
  }
}

constexpr int SamePlace(int place) { return place; }

/// Transforms each column.
/// @param row_of  the row of a place, where what belongs there lies before and
///   after; before, places are reversed
template <typename RowOf>
GRAPHIQA_INLINE void TransformColumns(const RowOf& row_of, Square re,
                                      Square im) {
  const Complex* turns = TablesOnce().turns;
  for (int quarter = 1; quarter < kSide; quarter *= 4) {
    const int step = kSide / (4 * quarter);
    for (int first = 0; first < kSide; first += 4 * quarter) {
      for (int i = 0; i < quarter; ++i) {
        const int a = row_of(first + i);
        const int b = row_of(first + i + quarter);
        const int c = row_of(first + i + 2 * quarter);
        const int d = row_of(first + i + 3 * quarter);
        CombineRows(re[a], im[a], re[b], im[b], re[c], im[c], re[d], im[d],
                    turns[i * step], turns[2 * i * step], turns[3 * i * step]);
      }
    }
  }
}

/// A register that every machine with vectors has; two of them are shuffled at
/// a time, which loops over floats are not compiled to.
using Four = float __attribute__((vector_size(16)));

struct Tile {
  Four rows[4];
};

GRAPHIQA_INLINE Tile TileAt(const float* from) {
  Tile tile;
  for (int y = 0; y < 4; ++y) {
    memcpy(&tile.rows[y], from + y * kSide, sizeof(Four));
  }
  return tile;
}

/// Puts the columns of a tile where rows are.
GRAPHIQA_INLINE void PutTurned(const Tile& tile, float* to) {
  const auto& [a, b, c, d] = tile.rows;
  const Four low_ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  const Four low_cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const Four high_ab = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const Four high_cd = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  const Four columns[4] = {
      __builtin_shufflevector(low_ab, low_cd, 0, 1, 4, 5),
      __builtin_shufflevector(low_ab, low_cd, 2, 3, 6, 7),
      __builtin_shufflevector(high_ab, high_cd, 0, 1, 4, 5),
      __builtin_shufflevector(high_ab, high_cd, 2, 3, 6, 7)};
  for (int x = 0; x < 4; ++x) memcpy(to + x * kSide, &columns[x], sizeof(Four));
}

/// Columns become rows.
GRAPHIQA_INLINE void Turn(Square square) {
  for (int y = 0; y < kSide; y += 4) {
    for (int x = 0; x <= y; x += 4) {
      const Tile below = TileAt(square[y] + x);
      const Tile above = TileAt(square[x] + y);
      PutTurned(below, square[x] + y);
      PutTurned(above, square[y] + x);
    }
  }
}

/// Adds a row's powers and their logarithms.
/// @param re,im              at the frequencies (u, 0 … 63)
/// @param opposite_re,…_im   at (-u, -0 … -63)
/// @param of_b               1, or 0 where there is no window B
GRAPHIQA_INLINE void AddPowers(const float* __restrict re,
                               const float* __restrict im,
                               const float* __restrict opposite_re,
                               const float* __restrict opposite_im, float of_b,
                               float* __restrict powers,
                               float* __restrict logs) {
  for (int v = 0; v < kSide; ++v) {
    const TwoPowers found =
        PowersOf({re[v], im[v]}, {opposite_re[v], opposite_im[v]});
    const float b = of_b * found.b;
    powers[v] += found.a + b;
    logs[v] += LogOfOneAnd(found.a) + LogOfOneAnd(b);
  }
}

/// A row at the frequencies -0 … -63.
GRAPHIQA_INLINE void Mirror(const float* __restrict row, float* __restrict to) {
  to[0] = row[0];
  for (int v = 1; v < kSide; ++v) to[v] = row[kSide - v];
}

/// @param b  of the second window, or null
GRAPHIQA_CLONES void AddWindows(const int16_t* a, const int16_t* b,
                                ptrdiff_t stride, Workspace* work) {
  Load(a, stride, work->re);
  if (b != nullptr) {
    Load(b, stride, work->im);
  } else {
    std::fill_n(work->im[0], kSide * kSide, 0.0f);
  }
  // Loaded into reversed places, which then are in order; of what was columns
  // the order stays, so the places of its transform are reversed.
  TransformColumns(SamePlace, work->re, work->im);
  Turn(work->re);
  Turn(work->im);
  TransformColumns(ReversedPlace, work->re, work->im);
  alignas(64) float opposite_re[kSide];
  alignas(64) float opposite_im[kSide];
  for (int u = 0; u <= kHalfSpectrum; ++u) {
    const int here = ReversedPlace(u);
    const int opposite = ReversedPlace((kSide - u) % kSide);
    Mirror(work->re[opposite], opposite_re);
    Mirror(work->im[opposite], opposite_im);
    AddPowers(work->re[here], work->im[here], opposite_re, opposite_im,
              b != nullptr ? 1.0f : 0.0f, work->powers[u], work->logs[u]);
  }
}

}  // namespace

void SumSpectrum(const PicturePlanes& planes, Scratch* scratch,
                 double* spectrum) {
  auto* work = scratch->Take<Workspace>(1);
  std::fill_n(work->powers[0], (kHalfSpectrum + 1) * kSide, 0.0f);
  std::fill_n(work->logs[0], (kHalfSpectrum + 1) * kSide, 0.0f);
  const int across = SpectrumWindows(planes.width);
  const int count = across * SpectrumWindows(planes.height);
  const auto window = [&](int i) {
    return planes.Row(kY, i / across * kSpectrumStep) +
           i % across * kSpectrumStep;
  };
  for (int i = 0; i < count; i += 2) {
    AddWindows(window(i), i + 1 < count ? window(i + 1) : nullptr,
               planes.stride, work);
  }
  for (int bin = 0; bin < kSpectrumBins; ++bin) {
    spectrum[bin] =
        SumOfBin(bin, [&](int u, int v) { return work->powers[u][v]; });
    spectrum[kSpectrumBins + bin] =
        SumOfBin(bin, [&](int u, int v) { return work->logs[u][v]; });
  }
}

}  // namespace graphiqa
