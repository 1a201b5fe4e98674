// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "program/chart/time_axis.h"

#include <algorithm>
#include <cmath>

#include "program/number.h"

namespace graphiqa {
namespace {

constexpr double kSteps[] = {0.1,  0.2,  0.5,  1,     2,     5,     10,
                             15,   30,   60,   120,   300,   600,   900,
                             1800, 3600, 7200, 10800, 21600, 43200, 86400};
constexpr size_t kTicks = 7;

}  // namespace

TimeAxis::TimeAxis(double low, double high)
    : low_(low), high_(high > low ? high : low + 1) {}

double TimeAxis::Place(double seconds) const {
  return std::clamp((seconds - low_) / (high_ - low_), 0.0, 1.0);
}

double TimeAxis::Step(size_t most) const {
  const double least = (high_ - low_) / static_cast<double>(most);
  for (const double step : kSteps) {
    if (step >= least) return step;
  }
  const double day = 86400;
  return day * std::ceil(least / day);
}

std::vector<double> TimeAxis::Ticks(size_t most) const {
  const double step = Step(most);
  std::vector<double> ticks;
  // Whole numbers of steps, since sums of steps would drift.
  for (double number = std::ceil(low_ / step - 1e-6);
       number * step <= high_ + 1e-6 * step && ticks.size() < most; ++number) {
    ticks.push_back(number * step);
  }
  if (ticks.empty()) ticks.push_back(low_);
  return ticks;
}

std::string TimeAxis::Label(double seconds) const {
  return ClockTime(seconds, Step(kTicks) < 1 ? 1 : 0);
}

std::string TimeAxis::Draw() const {
  std::string html =
      "<div class=\"gq-track gq-axis\" aria-hidden=\"true\"><div "
      "class=\"gq-side\"></div><div class=\"gq-plot\">";
  for (const double tick : Ticks(kTicks)) {
    html += "<span class=\"gq-x\" style=\"left:" +
            FixedNumber(100 * Place(tick), 2) + "%\">" + Label(tick) +
            "</span>";
  }
  return html + "</div><div class=\"gq-value\"></div></div>\n";
}

}  // namespace graphiqa
