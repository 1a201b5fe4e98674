// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace graphiqa {

/// A named list of points.
struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points;
};

/// An SVG with one panel per series, each with its own vertical axis.
std::string LinePlot(const std::string& x_label,
                     const std::vector<Series>& series);

/// An SVG with one dot per point and the diagonal.
std::string ScatterPlot(const std::string& x_label, const std::string& y_label,
                        const Series& series);

}  // namespace graphiqa
