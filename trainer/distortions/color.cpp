// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "families.h"
#include "filter.h"
#include "lab.h"

namespace graphiqa {

Planes ColorDiffusion(const Source& source, double amount, Draws* /*draws*/) {
  Planes lab = ToLab(source);
  for (size_t c = 1; c < 3; ++c) {
    lab[c] = Gaussian(lab[c], 1.5 * amount + 2) * amount;
  }
  return FromLab(lab);
}

Planes ColorSaturation1(const Source& source, double factor, Draws* /*draws*/) {
  // Scaling the saturation of HSV, in closed form: each channel moves towards
  // V = max(R, G, B), or beyond it for factors below 0.
  Planes planes = ToPlanes(source);
  float* const r = planes[0].ptr<float>();
  float* const g = planes[1].ptr<float>();
  float* const b = planes[2].ptr<float>();
  const auto f = static_cast<float>(factor);
  const int count = PlaneSize(planes);
  for (int i = 0; i < count; ++i) {
    const float v = std::max(std::max(r[i], g[i]), b[i]);
    r[i] = v - f * (v - r[i]);
    g[i] = v - f * (v - g[i]);
    b[i] = v - f * (v - b[i]);
  }
  return planes;
}

Planes ColorSaturation2(const Source& source, double factor, Draws* /*draws*/) {
  Planes lab = ToLab(source);
  lab[1] *= factor;
  lab[2] *= factor;
  return FromLab(lab);
}

}  // namespace graphiqa
