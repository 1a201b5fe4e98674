// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "program/chart/time_axis.h"

namespace graphiqa {

/// A stretch of a lane; the darker, the larger its share.
struct LaneSpan {
  double from_s = 0;
  double to_s = 0;
  double share = 1;  ///< (0, 1], of the samples in this stretch
};

/// One line of a timeline: when something was there.
struct Lane {
  std::string name;
  std::string value;            ///< right of it: "43 %"
  std::string style;            ///< a CSS class
  std::vector<LaneSpan> spans;  ///< in order of time, not overlapping
};

/// The lanes as HTML with inline SVG, a `gq-track` each.
std::string DrawLanes(const std::vector<Lane>& lanes, const TimeAxis& axis);

}  // namespace graphiqa
