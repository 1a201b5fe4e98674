// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "program/chart/histogram.h"

#include <algorithm>
#include <numeric>

#include "program/markup.h"
#include "program/number.h"

namespace graphiqa {
namespace {

constexpr double kHeight = 120;
constexpr int kLabels = 5;  ///< steps of the axis

double Place(const Histogram& histogram, double value) {
  return std::clamp((value - histogram.low) / (histogram.high - histogram.low),
                    0.0, 1.0);
}

std::string Bars(const Histogram& histogram, uint64_t most) {
  const double width = 1000 / static_cast<double>(histogram.counts.size());
  std::string data;
  for (size_t i = 0; i < histogram.counts.size(); ++i) {
    if (histogram.counts[i] == 0) continue;
    // A bin of few is still to be seen.
    const double height =
        std::max(1.5, (kHeight - 6) * static_cast<double>(histogram.counts[i]) /
                          static_cast<double>(most));
    data += "M" + FixedNumber(width * static_cast<double>(i) + 0.8, 1) + "," +
            FixedNumber(kHeight, 0) + "v-" + FixedNumber(height, 1) + "h" +
            FixedNumber(width - 1.6, 1) + "v" + FixedNumber(height, 1) + "z";
  }
  return "<path class=\"gq-bars\" d=\"" + data + "\"/>";
}

/// What a screen reader says instead: the fullest bin and its share.
std::string Describe(const Histogram& histogram) {
  const auto most =
      std::max_element(histogram.counts.begin(), histogram.counts.end());
  const double width = (histogram.high - histogram.low) /
                       static_cast<double>(histogram.counts.size());
  const double from =
      histogram.low +
      width * static_cast<double>(most - histogram.counts.begin());
  const double share =
      static_cast<double>(*most) /
      static_cast<double>(std::max<uint64_t>(histogram.total(), 1));
  return "Most often from " + FixedNumber(from, 0) + " to " +
         FixedNumber(from + width, 0) + ": " + FixedNumber(100 * share, 0) +
         " % of " + std::to_string(histogram.total());
}

std::string Labels(const Histogram& histogram) {
  std::string html;
  for (int i = 0; i <= kLabels; ++i) {
    const double part = static_cast<double>(i) / kLabels;
    html += "<span class=\"gq-x\" style=\"left:" + FixedNumber(100 * part, 2) +
            "%\">" +
            FixedNumber(histogram.low + part * (histogram.high - histogram.low),
                        0) +
            "</span>";
  }
  return html;
}

}  // namespace

void Histogram::Add(double value) {
  const auto bins = static_cast<double>(counts.size());
  const double bin = (value - low) / (high - low) * bins;
  ++counts[static_cast<size_t>(std::clamp(bin, 0.0, bins - 1))];
}

uint64_t Histogram::total() const {
  return std::accumulate(counts.begin(), counts.end(), uint64_t{0});
}

std::string DrawHistogram(const std::string& id, const std::string& title,
                          const Histogram& histogram,
                          const std::vector<HistogramMark>& marks) {
  const uint64_t most = std::max<uint64_t>(
      1, *std::max_element(histogram.counts.begin(), histogram.counts.end()));
  std::string html =
      "<div class=\"gq-histogram\"><div class=\"gq-plot\"><svg viewBox=\"0 0 "
      "1000 120\" preserveAspectRatio=\"none\" role=\"img\" "
      "aria-labelledby=\"" +
      id + "-t " + id + "-d\"><title id=\"" + id + "-t\">" +
      EscapeMarkup(title) + "</title><desc id=\"" + id + "-d\">" +
      EscapeMarkup(Describe(histogram)) +
      "</desc><path class=\"gq-grid\" d=\"M0,120H1000\"/>" +
      Bars(histogram, most) + "</svg>";
  for (const HistogramMark& mark : marks) {
    html += std::string("<span class=\"gq-vmark") +
            (mark.left ? " gq-left" : "") + "\" style=\"left:" +
            FixedNumber(100 * Place(histogram, mark.value), 2) + "%\">" +
            EscapeMarkup(mark.label) + "</span>";
  }
  return html +
         "</div><div class=\"gq-axis\" aria-hidden=\"true\"><div "
         "class=\"gq-plot\">" +
         Labels(histogram) + "</div></div></div>\n";
}

}  // namespace graphiqa
