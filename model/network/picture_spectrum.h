// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// The power spectrum of luma by radius, of PictureStatistics(): how much there
/// is at each scale, in the mean of the powers, which strong windows decide,
/// and of their logarithms, which all do. For the CPU and for CUDA kernels.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "both.h"
#include "picture_columns.h"

namespace graphiqa {

class Scratch;
struct PicturePlanes;

constexpr int kSpectrumSide = 64;  // of a window, in pixels
constexpr int kSpectrumStep = 32;  // from one to the next
constexpr int kHalfSpectrum = kSpectrumSide / 2;
constexpr double kTurn = 6.283185307179586;

/// How many windows lie along a side of a picture.
GRAPHIQA_BOTH constexpr int SpectrumWindows(int side) {
  return side < kSpectrumSide ? 0 : (side - kSpectrumSide) / kSpectrumStep + 1;
}

/// Symmetric Hann window.
GRAPHIQA_BOTH float HannWeight(int i) {
  return static_cast<float>(0.5 - 0.5 * cos(kTurn * i / (kSpectrumSide - 1)));
}

/// A window's pixel without the window's mean.
/// @param luma  in 1/64 of a code
/// @param sum   of the window's luma
GRAPHIQA_BOTH float WithoutMean(int luma, int sum) {
  constexpr float kArea = kSpectrumSide * kSpectrumSide;
  return static_cast<float>(luma) * (1.0f / 64) -
         static_cast<float>(sum) * (1.0f / (64 * kArea));
}

struct Complex {
  float re, im;
};

/// e^(-2 pi i k / 64)
GRAPHIQA_BOTH Complex TurnOf(int k) {
  const double angle = kTurn * k / kSpectrumSide;
  return {static_cast<float>(cos(angle)), static_cast<float>(-sin(angle))};
}

/// Where a line's value goes before its transform: the base-4 digits of its
/// place in reverse.
GRAPHIQA_BOTH constexpr int ReversedPlace(int i) {
  return (i & 3) << 4 | (i & 12) | i >> 4;
}

GRAPHIQA_BOTH Complex Times(Complex a, Complex b) {
  return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
GRAPHIQA_BOTH Complex Plus(Complex a, Complex b) {
  return {a.re + b.re, a.im + b.im};
}
GRAPHIQA_BOTH Complex Minus(Complex a, Complex b) {
  return {a.re - b.re, a.im - b.im};
}

/// Radix-4 butterfly: one value of each of four transforms of a quarter's
/// length becomes four values of the whole.
struct Butterfly {
  Complex values[4];
};
/// @param one,two,three  twiddle factors of the values 1, 2, 3
GRAPHIQA_BOTH Butterfly Combined(const Butterfly& from, Complex one,
                                 Complex two, Complex three) {
  const Complex a = from.values[0];
  const Complex b = Times(from.values[1], one);
  const Complex c = Times(from.values[2], two);
  const Complex d = Times(from.values[3], three);
  const Complex even = Plus(a, c), even_turned = Minus(a, c);
  const Complex odd = Plus(b, d), difference = Minus(b, d);
  const Complex odd_turned = {difference.im, -difference.re};  // * -i
  return {{Plus(even, odd), Plus(even_turned, odd_turned), Minus(even, odd),
           Minus(even_turned, odd_turned)}};
}

/// Powers of two real windows A and B at a frequency, of the transform of
/// A + iB there and at the opposite frequency.
struct TwoPowers {
  float a, b;
};
GRAPHIQA_BOTH TwoPowers PowersOf(Complex here, Complex opposite) {
  const Complex sum = {here.re + opposite.re, here.im - opposite.im};
  const Complex difference = {here.re - opposite.re, here.im + opposite.im};
  return {
      0.25f * (sum.re * sum.re + sum.im * sum.im),
      0.25f * (difference.re * difference.re + difference.im * difference.im)};
}

/// ln(1 + x) of x >= 0, to 1e-6 of max(1, the result): a polynomial (Cephes,
/// logf) about 1 after the exponent is taken off. Unlike the library's it is
/// vectorised and the same everywhere.
GRAPHIQA_BOTH float LogOfOneAnd(float x) {
  const float value = 1 + x;
  int32_t bits = 0;
  memcpy(&bits, &value, sizeof bits);
  const int32_t exponent = (bits - 0x3f3504f3) >> 23;  // of sqrt(1/2)
  bits -= exponent * (1 << 23);
  float m = 0;  // in [sqrt(1/2), sqrt(2)]
  memcpy(&m, &bits, sizeof m);
  m -= 1;
  float p = 7.0376836292e-2f;
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  return p * m * m * m - 0.5f * m * m + m +
         static_cast<float>(exponent) * 0.693147181f;
}

/// The largest v up to 32 with v^2 <= `square`; -1 where there is none.
GRAPHIQA_BOTH int SpectrumReach(int square) {
  if (square < 0) return -1;
  const int root = static_cast<int>(sqrtf(static_cast<float>(square)));
  return root < kHalfSpectrum ? root : kHalfSpectrum;
}

/// Sum over the half plane's frequencies whose distance from 0 lies in
/// [bin, bin + 1).
/// @param value  of the frequency u right, 0 … 32, and v down, 0 … 63, of which
///   those above 32 stand for v - 64
template <typename Value>
GRAPHIQA_BOTH float SumOfBin(int bin, const Value& value) {
  float sum = 0;
  for (int u = 0; u <= kHalfSpectrum; ++u) {
    const int below = SpectrumReach(bin * bin - 1 - u * u);
    const int last = SpectrumReach((bin + 1) * (bin + 1) - 1 - u * u);
    for (int v = below + 1; v <= last; ++v) {
      sum += value(u, v);
      if (v % kHalfSpectrum != 0) sum += value(u, kSpectrumSide - v);
    }
  }
  return sum;
}

struct One {
  GRAPHIQA_BOTH float operator()(int, int) const { return 1; }
};

/// One column: of each bin the logarithm of the mean power, then of each the
/// mean logarithm.
/// @param sum      over the windows and the bin's frequencies, of the powers or
///   of their logarithms
/// @param windows  summed over; without any the column is 0
GRAPHIQA_BOTH float SpectrumStatistic(int column, double sum, int windows) {
  if (windows == 0) return 0;
  const auto mean = static_cast<float>(
      sum / (static_cast<double>(windows) *
             static_cast<double>(SumOfBin(column % kSpectrumBins, One()))));
  return (column < kSpectrumBins ? LogOfOneAnd(mean) : mean) / 10;
}

/// On the CPU.
/// @param spectrum  [kSpectrumColumns], sums for SpectrumStatistic(), written
void SumSpectrum(const PicturePlanes& planes, Scratch* scratch,
                 double* spectrum);

}  // namespace graphiqa
