// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "program/chart/time_axis.h"

namespace graphiqa {

/// One place of a curve: a sample, or what several became.
struct CurvePoint {
  double time_s = 0;
  double mean = 0;
  double low = 0;     ///< smallest of the samples
  double high = 0;    ///< largest of the samples
  double spread = 0;  ///< of the mean to both sides; 0 = not drawn
};

/// @param style  0 to kCurveStyles - 1: a colour and a pattern of dashes
struct Curve {
  std::vector<CurvePoint> points;
  int style = 0;
};
constexpr int kCurveStyles = 8;

/// A stretch of time that is marked behind the curves.
struct PlotBand {
  double from_s = 0;
  double to_s = 0;
  std::string style;  ///< a CSS class
};

/// A small numbered link on a curve.
struct PlotMark {
  double time_s = 0;
  double value = 0;
  std::string label;
  std::string href;
  std::string title;
};

/// Curves over time on one axis of values. It scales with the page: lines and
/// writing keep their size at any width.
struct CurvePlot {
  std::string id;           ///< unique on the page, [a-z0-9-]
  std::string name;         ///< beside the plot
  std::string title;        ///< for screen readers
  std::string description;  ///< for screen readers: what the curve says
  std::string value;        ///< right of the plot; may be empty
  double low = 0;
  double high = 100;
  double step = 20;  ///< between grid lines
  int height_px = 220;
  std::vector<Curve> curves;
  std::vector<PlotBand> bands;
  std::vector<PlotMark> marks;
};

/// The plot as HTML with inline SVG, one `gq-track`. Texts are escaped here.
std::string DrawCurves(const CurvePlot& plot, const TimeAxis& axis);

/// A curve without axes, as small as a word.
std::string DrawSparkline(const Curve& curve, double low, double high);

}  // namespace graphiqa
