// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include "dct_denoise.h"
#include "families.h"

namespace graphiqa {
namespace {

/// The official denoiser is a network (DnCNN, blind up to sigma = 55 / 255)
/// whose weights are not free. Ours is weaker where the network is at home and
/// would be stronger beyond. So per level, found by measurement: how much of
/// the noise is added (standard deviation), and the threshold in standard
/// deviations of what was added. docs/distortions.md has the numbers.
struct Calibration {
  double variance;
  double noise;
  double threshold;
};

constexpr std::array<Calibration, 5> kCalibration = {{{0.01, 0.64, 2.4},
                                                      {0.03, 0.83, 2.4},
                                                      {0.05, 0.91, 2.4},
                                                      {0.10, 1.00, 1.57},
                                                      {0.15, 1.00, 1.18}}};

/// Of the level whose variance is nearest.
const Calibration& CalibrationOf(double variance) {
  return *std::min_element(kCalibration.begin(), kCalibration.end(),
                           [variance](const auto& a, const auto& b) {
                             return std::abs(a.variance - variance) <
                                    std::abs(b.variance - variance);
                           });
}

}  // namespace

Planes Denoise(const Source& source, double variance, Draws* draws) {
  const Calibration& level = CalibrationOf(variance);
  const double sigma = level.noise * std::sqrt(variance);
  Planes planes = WhiteNoise(source, sigma * sigma, draws);
  for (cv::Mat& plane : planes) {
    plane = DctDenoise(plane, static_cast<float>(level.threshold * sigma));
  }
  return planes;
}

}  // namespace graphiqa
