// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "families.h"
#include "filter.h"

namespace graphiqa {

Planes GaussianBlur(const Source& source, double sigma_px, Draws* /*draws*/) {
  Planes planes = ToPlanes(source);
  for (cv::Mat& plane : planes) plane = Gaussian(plane, sigma_px);
  return planes;
}

Planes LensBlur(const Source& source, double radius_px, Draws* /*draws*/) {
  return Correlate(ToPlanes(source), DiskKernel(static_cast<int>(radius_px)));
}

Planes MotionBlur(const Source& source, double length_px, Draws* draws) {
  // A whole number of degrees, both ends of [0, 180] included.
  const double degrees = std::floor(draws->Unit() * 181);
  return Correlate(ToPlanes(source), MotionKernel(length_px, degrees));
}

}  // namespace graphiqa
