// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace graphiqa {

/// A named list of points; those that are not finite are left out.
struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points;
};

/// One diagram: axes that fit what is in it, ticks at round numbers.
struct PlotPanel {
  std::string title;
  std::string x_label;
  std::string y_label;
  std::vector<Series> series;  ///< with their names beside it when several
  bool dots = false;           ///< dots instead of lines
  bool diagonal = false;       ///< square, with the line y = x
};

/// An SVG with the panels one below the other.
std::string PlotPanels(const std::vector<PlotPanel>& panels);

/// An SVG with one panel per series, each with its own vertical axis.
std::string LinePlot(const std::string& x_label,
                     const std::vector<Series>& series);

/// An SVG with one dot per point and the diagonal.
std::string ScatterPlot(const std::string& x_label, const std::string& y_label,
                        const Series& series);

/// An SVG of counts: a row for each true class, a column for each predicted
/// one; the darker, the larger the part of its row.
/// @param counts  [n][n] for n names
std::string MatrixPlot(const std::string& title,
                       const std::vector<std::string>& names,
                       const std::vector<std::vector<int64_t>>& counts);

}  // namespace graphiqa
