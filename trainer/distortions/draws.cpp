// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "draws.h"

#include <array>
#include <cmath>

namespace graphiqa {
namespace {

// The ziggurat of Marsaglia and Tsang (J. Statistical Software 5(8), 2000) as
// corrected by Doornik (2005): 256 strips of equal area under exp(-x^2 / 2),
// the lowest with the tail beyond kTail. One 64-bit number serves the strip,
// the sign and 53 bits of the position.
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
  for (size_t i = 0; i < count; ++i) values[i] = Normal();
}

float RandomDraws::Normal() {
  const Ziggurat& table = Table();
  for (;;) {
    const uint64_t bits = random_.Next();
    const size_t strip = bits & (kStrips - 1);
    const bool negative = (bits & kStrips) != 0;
    const double x =
        static_cast<double>(bits >> 11) * 0x1.0p-53 * table.x[strip];
    if (x < table.x[strip + 1]) return static_cast<float>(negative ? -x : x);
    if (strip == 0) return Tail(negative);
    const double low = table.height[strip];
    const double high = table.height[strip + 1];
    if (low + random_.Unit() * (high - low) < std::exp(-0.5 * x * x)) {
      return static_cast<float>(negative ? -x : x);
    }
  }
}

float RandomDraws::Tail(bool negative) {
  // Marsaglia's method for the part beyond kTail.
  double x = 0;
  double y = 0;
  do {
    x = std::log(OpenUnit()) / kTail;
    y = std::log(OpenUnit());
  } while (-2 * y < x * x);
  return static_cast<float>(negative ? x - kTail : kTail - x);
}

double RandomDraws::OpenUnit() { return 1.0 - random_.Unit(); }

}  // namespace graphiqa
