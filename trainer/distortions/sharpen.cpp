// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "families.h"
#include "filter.h"
#include "lab.h"

namespace graphiqa {

Planes HighSharpen(const Source& source, double amount, Draws* /*draws*/) {
  constexpr double kRadius = 3;
  Planes lab = ToLab(source);
  const cv::Mat blurred = Gaussian(lab[0], kRadius);
  cv::addWeighted(lab[0], 1 + amount, blurred, -amount, 0, lab[0]);
  return FromLab(lab);
}

}  // namespace graphiqa
