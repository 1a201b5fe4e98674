// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "program/chart/lanes.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "program/markup.h"
#include "program/number.h"

namespace graphiqa {
namespace {

/// Shares are drawn in so many shades, each one path.
constexpr size_t kShades = 4;
constexpr double kLeastWidth = 1.5;

std::string DrawSpans(const Lane& lane, const TimeAxis& axis) {
  std::array<std::string, kShades> paths;
  for (const LaneSpan& span : lane.spans) {
    const double left = 1000 * axis.Place(span.from_s);
    const double right = 1000 * axis.Place(span.to_s);
    const double width = std::max(right - left, kLeastWidth);
    const auto shade = static_cast<size_t>(
        std::clamp(std::ceil(span.share * kShades), 1.0, double{kShades}));
    paths[shade - 1] += "M" + FixedNumber(left, 1) + ",0h" +
                        FixedNumber(width, 1) + "v10h-" +
                        FixedNumber(width, 1) + "z";
  }
  std::string svg;
  for (size_t i = 0; i < kShades; ++i) {
    if (paths[i].empty()) continue;
    svg += "<path class=\"gq-shade" + std::to_string(i + 1) + "\" d=\"" +
           paths[i] + "\"/>";
  }
  return svg;
}

}  // namespace

std::string DrawLanes(const std::vector<Lane>& lanes, const TimeAxis& axis) {
  std::string html;
  for (const Lane& lane : lanes) {
    const std::string name = EscapeMarkup(lane.name);
    const std::string value = EscapeMarkup(lane.value);
    html += "<div class=\"gq-track gq-lane " + lane.style +
            "\"><div class=\"gq-side\">" + name +
            "</div><div class=\"gq-plot\"><svg viewBox=\"0 0 1000 10\" "
            "preserveAspectRatio=\"none\" role=\"img\" aria-label=\"" +
            name + ": " + value + "\">" + DrawSpans(lane, axis) +
            "</svg></div><div class=\"gq-value\">" + value + "</div></div>\n";
  }
  return html;
}

}  // namespace graphiqa
