// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "picture_spectrum.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "clones.h"

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
  alignas(64) Square re, im, turned_re, turned_im;
  alignas(64) float powers[kHalfSpectrum + 1][kSide];
  alignas(64) float logs[kHalfSpectrum + 1][kSide];
};

GRAPHIQA_CLONES int SumOf(const int* luma, ptrdiff_t stride) {
  int sum = 0;  // at most 4096 * 16320
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) sum += luma[y * stride + x];
  }
  return sum;
}

GRAPHIQA_CLONES void LoadRow(const int* __restrict luma, int sum, float weight,
                             const float* __restrict window,
                             float* __restrict to) {
  for (int x = 0; x < kSide; ++x) {
    to[x] = WithoutMean(luma[x], sum) * (weight * window[x]);
  }
}

void Load(const int* luma, ptrdiff_t stride, Square to) {
  const Tables& tables = TablesOnce();
  const int sum = SumOf(luma, stride);
  for (int y = 0; y < kSide; ++y) {
    LoadRow(luma + y * stride, sum, tables.window[y], tables.window,
            to[ReversedPlace(y)]);
  }
}

/// Rows of four values, all 64 columns at once.
GRAPHIQA_CLONES void CombineRows(float* __restrict re0, float* __restrict im0,
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

/// Transforms each column, whose values lie in reversed places.
void TransformColumns(Square re, Square im) {
  const Complex* turns = TablesOnce().turns;
  for (int quarter = 1; quarter < kSide; quarter *= 4) {
    const int step = kSide / (4 * quarter);
    for (int first = 0; first < kSide; first += 4 * quarter) {
      for (int i = 0; i < quarter; ++i) {
        const int a = first + i;
        const int b = a + quarter, c = b + quarter, d = c + quarter;
        CombineRows(re[a], im[a], re[b], im[b], re[c], im[c], re[d], im[d],
                    turns[i * step], turns[2 * i * step], turns[3 * i * step]);
      }
    }
  }
}

/// Columns become rows, in reversed places.
GRAPHIQA_CLONES void Turn(const float (*__restrict from)[kSide],
                          float (*__restrict to)[kSide]) {
  constexpr int kPart = 16;
  for (int top = 0; top < kSide; top += kPart) {
    for (int x = 0; x < kSide; ++x) {
      float* __restrict row = to[ReversedPlace(x)] + top;
      for (int y = 0; y < kPart; ++y) row[y] = from[top + y][x];
    }
  }
}

/// Adds a row's powers and their logarithms.
/// @param re,im              at the frequencies (u, 0 … 63)
/// @param opposite_re,…_im   at (-u, -0 … -63)
/// @param of_b               1, or 0 where there is no window B
GRAPHIQA_CLONES void AddPowers(const float* __restrict re,
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
void Mirror(const float* row, float* to) {
  to[0] = row[0];
  std::reverse_copy(row + 1, row + kSide, to + 1);
}

/// @param b  of the second window, or null
void AddWindows(const int* a, const int* b, ptrdiff_t stride, Workspace* work) {
  Load(a, stride, work->re);
  if (b != nullptr) {
    Load(b, stride, work->im);
  } else {
    std::fill_n(work->im[0], kSide * kSide, 0.0f);
  }
  TransformColumns(work->re, work->im);
  Turn(work->re, work->turned_re);
  Turn(work->im, work->turned_im);
  TransformColumns(work->turned_re, work->turned_im);
  alignas(64) float opposite_re[kSide];
  alignas(64) float opposite_im[kSide];
  for (int u = 0; u <= kHalfSpectrum; ++u) {
    const int opposite = (kSide - u) % kSide;
    Mirror(work->turned_re[opposite], opposite_re);
    Mirror(work->turned_im[opposite], opposite_im);
    AddPowers(work->turned_re[u], work->turned_im[u], opposite_re, opposite_im,
              b != nullptr ? 1.0f : 0.0f, work->powers[u], work->logs[u]);
  }
}

}  // namespace

void SumSpectrum(const int* luma, int width, int height, double* spectrum) {
  std::vector<const int*> windows;
  for (int y = 0; y < SpectrumWindows(height); ++y) {
    for (int x = 0; x < SpectrumWindows(width); ++x) {
      windows.push_back(luma + (static_cast<ptrdiff_t>(y) * width + x) *
                                   kSpectrumStep);
    }
  }
  const auto work = std::make_unique<Workspace>();
  for (size_t i = 0; i < windows.size(); i += 2) {
    AddWindows(windows[i], i + 1 < windows.size() ? windows[i + 1] : nullptr,
               width, work.get());
  }
  for (int bin = 0; bin < kSpectrumBins; ++bin) {
    spectrum[bin] =
        SumOfBin(bin, [&](int u, int v) { return work->powers[u][v]; });
    spectrum[kSpectrumBins + bin] =
        SumOfBin(bin, [&](int u, int v) { return work->logs[u][v]; });
  }
}

}  // namespace graphiqa
