// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "families.h"
#include "lab.h"

namespace graphiqa {
namespace {

double ToUnitRange(double value) { return std::clamp(value, 0.0, 1.0); }

/// The parabola through (0, 0), (0.5, middle) and (1, 1), clamped.
double Bend(double x, double middle) {
  return ToUnitRange(x * ((4 * middle - 1) + (2 - 4 * middle) * x));
}

/// The not-a-knot spline through (0, 0), (0.3, 0.25 - a / 4), (0.5, 0.5),
/// (0.7, 0.75 + a / 4) and (1, 1), which is one cubic; clamped.
double SCurve(double x, double a) {
  const double cubic = (-0.05 - a / 4) / 0.042;
  const double linear = 1 - cubic / 4;
  const double u = x - 0.5;
  return ToUnitRange(0.5 + linear * u + cubic * u * u * u);
}

}  // namespace

Planes Brighten(const Source& source, double amount, Draws* /*draws*/) {
  // Two parts of the curve on RGB, one part of it on the lightness.
  const double middle = 0.5 + amount / 2;
  Planes rgb =
      MapValues(source, [middle](double x) { return Bend(x, middle); });
  Planes lab = ToLab(source);
  const auto a = static_cast<float>(4 * middle - 1);
  const auto b = static_cast<float>(2 - 4 * middle);
  float* const lightness = lab[0].ptr<float>();
  const int count = PlaneSize(lab);
  for (int i = 0; i < count; ++i) {
    const float x = lightness[i] / 100;
    lightness[i] = 100 * std::min(std::max(x * (a + b * x), 0.0f), 1.0f);
  }
  const Planes bright = FromLab(lab);
  for (size_t c = 0; c < 3; ++c) {
    cv::addWeighted(rgb[c], 2.0 / 3, bright[c], 1.0 / 3, 0, rgb[c]);
  }
  return rgb;
}

Planes Darken(const Source& source, double amount, Draws* /*draws*/) {
  return MapValues(source,
                   [amount](double x) { return Bend(x, 0.5 - amount / 2); });
}

Planes MeanShift(const Source& source, double offset, Draws* /*draws*/) {
  return MapValues(source,
                   [offset](double x) { return ToUnitRange(x + offset); });
}

Planes ContrastChange(const Source& source, double amount, Draws* /*draws*/) {
  return MapValues(source, [amount](double x) { return SCurve(x, amount); });
}

}  // namespace graphiqa
