// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "program/chart/curve.h"

#include <algorithm>

#include "program/markup.h"
#include "program/number.h"

namespace graphiqa {
namespace {

constexpr double kWidth = 1000;  ///< of the drawing's own units
constexpr size_t kMostDots = 60;
constexpr double kSparkHeight = 28;

/// Turns times and values into places of an SVG.
class Places {
 public:
  Places(const TimeAxis& axis, double low, double high, double height)
      : axis_(axis), low_(low), high_(high), height_(height) {}

  std::string X(double time_s) const {
    return FixedNumber(kWidth * axis_.Place(time_s), 1);
  }
  std::string Y(double value) const {
    return FixedNumber(height_ * (1 - Part(value)), 1);
  }
  double Part(double value) const {
    return std::clamp((value - low_) / (high_ - low_), 0.0, 1.0);
  }
  std::string Pair(double time_s, double value) const {
    return X(time_s) + "," + Y(value) + " ";
  }

 private:
  const TimeAxis& axis_;
  const double low_;
  const double high_;
  const double height_;
};

std::string Path(const char* style, const std::string& data) {
  return std::string("<path class=\"") + style + "\" d=\"" + data + "\"/>";
}

std::string Line(const Curve& curve, const Places& places) {
  std::string data = "M";
  for (const CurvePoint& point : curve.points) {
    data += places.Pair(point.time_s, point.mean);
  }
  return Path("gq-line", data);
}

/// Each point on its own: a stroke without length under round caps.
std::string Dots(const Curve& curve, const Places& places) {
  std::string data;
  for (const CurvePoint& point : curve.points) {
    data += "M" + places.Pair(point.time_s, point.mean) + "h0";
  }
  return Path("gq-dots", data);
}

/// The area between two values of each point.
template <typename Upper, typename Lower>
std::string Area(const char* style, const Curve& curve, const Places& places,
                 const Upper& upper, const Lower& lower) {
  std::string data = "M";
  for (const CurvePoint& point : curve.points) {
    data += places.Pair(point.time_s, upper(point));
  }
  for (auto point = curve.points.rbegin(); point != curve.points.rend();
       ++point) {
    data += places.Pair(point->time_s, lower(*point));
  }
  return Path(style, data + "Z");
}

std::string RangeArea(const Curve& curve, const Places& places) {
  return Area(
      "gq-range", curve, places, [](const CurvePoint& p) { return p.high; },
      [](const CurvePoint& p) { return p.low; });
}

std::string SpreadArea(const Curve& curve, const Places& places) {
  return Area(
      "gq-spread", curve, places,
      [](const CurvePoint& p) { return p.mean + p.spread; },
      [](const CurvePoint& p) { return p.mean - p.spread; });
}

std::string DrawCurve(const Curve& curve, const Places& places) {
  if (curve.points.empty()) return "";
  const auto any = [&](auto test) {
    return std::any_of(curve.points.begin(), curve.points.end(), test);
  };
  std::string svg = "<g class=\"gq-s" + std::to_string(curve.style) + "\">";
  if (any([](const CurvePoint& p) { return p.spread > 0; })) {
    svg += SpreadArea(curve, places);
  }
  if (any([](const CurvePoint& p) { return p.high > p.low; })) {
    svg += RangeArea(curve, places);
  }
  svg += Line(curve, places);
  if (curve.points.size() <= kMostDots) svg += Dots(curve, places);
  return svg + "</g>";
}

std::string Grid(const CurvePlot& plot, const Places& places) {
  std::string data;
  for (double y = plot.low; y <= plot.high + plot.step / 2; y += plot.step) {
    data += "M0," + places.Y(y) + "H1000";
  }
  return Path("gq-grid", data);
}

std::string Bands(const CurvePlot& plot, const Places& places,
                  const TimeAxis& axis) {
  std::string svg;
  for (const PlotBand& band : plot.bands) {
    const double width = axis.Place(band.to_s) - axis.Place(band.from_s);
    svg += "<rect class=\"gq-band " + band.style + "\" x=\"" +
           places.X(band.from_s) + "\" y=\"0\" width=\"" +
           FixedNumber(std::max(kWidth * width, 1.0), 1) + "\" height=\"" +
           std::to_string(plot.height_px) + "\"/>";
  }
  return svg;
}

std::string ValueLabels(const CurvePlot& plot, const Places& places) {
  std::string html;
  for (double y = plot.low; y <= plot.high + plot.step / 2; y += plot.step) {
    html += "<span class=\"gq-y\" style=\"top:" +
            FixedNumber(100 * (1 - places.Part(y)), 2) + "%\">" +
            FixedNumber(y, 0) + "</span>";
  }
  return html;
}

std::string Marks(const CurvePlot& plot, const Places& places,
                  const TimeAxis& axis) {
  std::string html;
  for (const PlotMark& mark : plot.marks) {
    html += "<a class=\"gq-mark\" href=\"" + EscapeMarkup(mark.href) +
            "\" style=\"left:" + FixedNumber(100 * axis.Place(mark.time_s), 2) +
            "%;top:" + FixedNumber(100 * (1 - places.Part(mark.value)), 2) +
            "%\" title=\"" + EscapeMarkup(mark.title) + "\">" +
            EscapeMarkup(mark.label) + "</a>";
  }
  return html;
}

}  // namespace

std::string DrawCurves(const CurvePlot& plot, const TimeAxis& axis) {
  const std::string height = std::to_string(plot.height_px);
  const Places places(axis, plot.low, plot.high, plot.height_px);
  std::string html =
      "<div class=\"gq-track gq-curves\"><div class=\"gq-side\"><span "
      "class=\"gq-name\">" +
      EscapeMarkup(plot.name) +
      "</span></div><div class=\"gq-plot\" style=\"height:" + height +
      "px\"><svg viewBox=\"0 0 1000 " + height +
      "\" preserveAspectRatio=\"none\" role=\"img\" aria-labelledby=\"" +
      plot.id + "-t " + plot.id + "-d\"><title id=\"" + plot.id + "-t\">" +
      EscapeMarkup(plot.title) + "</title><desc id=\"" + plot.id + "-d\">" +
      EscapeMarkup(plot.description) + "</desc>";
  html += Bands(plot, places, axis) + Grid(plot, places);
  for (const Curve& curve : plot.curves) html += DrawCurve(curve, places);
  html += "</svg>" + ValueLabels(plot, places) + Marks(plot, places, axis);
  return html + "</div><div class=\"gq-value\">" + EscapeMarkup(plot.value) +
         "</div></div>\n";
}

std::string DrawSparkline(const Curve& curve, double low, double high) {
  if (curve.points.empty()) return "";
  const TimeAxis axis(curve.points.front().time_s, curve.points.back().time_s);
  const Places places(axis, low, high, kSparkHeight);
  return "<svg class=\"gq-spark\" viewBox=\"0 0 1000 28\" "
         "preserveAspectRatio=\"none\" aria-hidden=\"true\">" +
         DrawCurve(curve, places) + "</svg>";
}

}  // namespace graphiqa
