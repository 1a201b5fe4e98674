// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "draws.h"

#include <array>
#include <cmath>

namespace graphiqa {
namespace {

// The ziggurat of Marsaglia and Tsang (J. Statistical Software 5(8), 2000) as
// corrected by Doornik (2005): 256 strips of equal area under exp(-x^2 / 2),
// the lowest with the tail beyond kTail. Half a 64-bit number gives the strip
// (8 bits), the sign and the position (23 bits, as many as a float can tell).
constexpr int kStrips = 256;
constexpr double kTail = 3.6541528853610088;
constexpr double kArea = 0.00492867323399;

struct Ziggurat {
  std::array<double, kStrips + 1> x;       // right edge of each strip
  std::array<double, kStrips + 1> height;  // exp(-x^2 / 2)

  Ziggurat() {
    x[0] = kArea / std::exp(-0.5 * kTail * kTail);
    x[1] = kTail;
    for (size_t i = 2; i < kStrips; ++i) {
      const double last = x[i - 1];
      x[i] =
          std::sqrt(-2 * std::log(kArea / last + std::exp(-0.5 * last * last)));
    }
    x[kStrips] = 0;
    for (size_t i = 0; i <= kStrips; ++i) {
      height[i] = std::exp(-0.5 * x[i] * x[i]);
    }
  }
};

const Ziggurat& Table() {
  static const Ziggurat ziggurat;
  return ziggurat;
}

}  // namespace

void RandomDraws::FillUnit(cv::Mat* plane) {
  float* const values = plane->ptr<float>();
  const size_t count = plane->total();
  constexpr float kStep = 1.0f / (1 << 24);
  for (size_t i = 0; i + 1 < count; i += 2) {
    const uint64_t bits = random_.Next();
    values[i] = static_cast<float>(bits >> 40) * kStep;
    values[i + 1] = static_cast<float>((bits >> 8) & 0xFFFFFF) * kStep;
  }
  if (count % 2 == 1) {
    values[count - 1] = static_cast<float>(random_.Next() >> 40) * kStep;
  }
}

void RandomDraws::FillNormal(cv::Mat* plane) {
  float* const values = plane->ptr<float>();
  const size_t count = plane->total();
  uint64_t bits = 0;
  for (size_t i = 0; i < count; ++i) {
    bits = i % 2 == 0 ? random_.Next() : bits >> 32;
    values[i] = Normal(static_cast<uint32_t>(bits));
  }
}

inline float RandomDraws::Normal(uint32_t word) {
  const Ziggurat& table = Table();
  const size_t strip = word & (kStrips - 1);
  const float sign = (word & kStrips) != 0 ? -1.0f : 1.0f;
  const double x = static_cast<int32_t>(word >> 9) * 0x1.0p-23 * table.x[strip];
  if (x < table.x[strip + 1]) return sign * static_cast<float>(x);
  return Reject(strip, sign, x);
}

/// When x is not below the curve for certain.
float RandomDraws::Reject(size_t strip, float sign, double x) {
  if (strip == 0) return Tail(sign);
  const Ziggurat& table = Table();
  const double low = table.height[strip];
  const double high = table.height[strip + 1];
  if (low + random_.Unit() * (high - low) < std::exp(-0.5 * x * x)) {
    return sign * static_cast<float>(x);
  }
  return Normal(static_cast<uint32_t>(random_.Next()));
}

float RandomDraws::Tail(float sign) {
  // Marsaglia's method for the part beyond kTail.
  double x = 0;
  double y = 0;
  do {
    x = -std::log(OpenUnit()) / kTail;
    y = -std::log(OpenUnit());
  } while (2 * y < x * x);
  return sign * static_cast<float>(kTail + x);
}

double RandomDraws::OpenUnit() { return 1.0 - random_.Unit(); }

}  // namespace graphiqa
