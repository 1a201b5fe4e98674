// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "dct_denoise.h"
#include "families.h"

namespace graphiqa {

Planes Denoise(const Source& source, double variance, Draws* draws) {
  Planes planes = WhiteNoise(source, variance, draws);
  for (cv::Mat& plane : planes) {
    plane = DctDenoise(plane, static_cast<float>(2.7 * std::sqrt(variance)));
  }
  return planes;
}

}  // namespace graphiqa
