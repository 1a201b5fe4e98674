// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "picture_state.h"

#include <cmath>

namespace graphiqa {
namespace {

constexpr double kBlackShare = 0.98;
constexpr double kBlackLuma = 0.10;
constexpr double kFlatDeviation = 0.01;

bool IsBlack(const LumaSamples& samples) {
  const double limit =
      samples.black + kBlackLuma * (samples.white - samples.black);
  const auto dark =
      std::count_if(samples.values.begin(), samples.values.end(),
                    [limit](uint16_t value) { return value <= limit; });
  return static_cast<double>(dark) >=
         kBlackShare * static_cast<double>(samples.values.size());
}

bool IsFlat(const LumaSamples& samples) {
  double sum = 0;
  double squares = 0;
  for (const uint16_t value : samples.values) {
    sum += value;
    squares += static_cast<double>(value) * value;
  }
  const auto count = static_cast<double>(samples.values.size());
  const double mean = sum / count;
  const double deviation =
      std::sqrt(std::max(squares / count - mean * mean, 0.0));
  return deviation < kFlatDeviation * (samples.white - samples.black);
}

}  // namespace

const char* ToString(PictureState state) {
  switch (state) {
    case PictureState::kBlack:
      return "black";
    case PictureState::kFlat:
      return "flat";
    case PictureState::kFrozen:
      return "frozen";
    case PictureState::kNormal:
      break;
  }
  return "normal";
}

LumaSamples SampleRgbLuma(const uint8_t* rgb, int width, int height,
                          size_t stride_bytes) {
  LumaSamples samples;
  samples.white = 255 * 256.0;
  samples.values = SampleGrid(width, height, [&](int x, int y) {
    const uint8_t* pixel = rgb + static_cast<size_t>(y) * stride_bytes +
                           static_cast<size_t>(x) * 3;
    return RgbLuma(pixel[0], pixel[1], pixel[2]);
  });
  return samples;
}

PictureState StillState(const LumaSamples& samples) {
  if (IsBlack(samples)) return PictureState::kBlack;
  if (IsFlat(samples)) return PictureState::kFlat;
  return PictureState::kNormal;
}

}  // namespace graphiqa
