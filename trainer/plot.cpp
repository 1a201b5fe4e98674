// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "plot.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "svg.h"

namespace graphiqa {
namespace {

constexpr double kWidth = 640;
constexpr double kHeight = 270;
constexpr double kSquareHeight = 440;  ///< of a panel with the diagonal
constexpr double kLeft = 66;
constexpr double kRight = 20;
constexpr double kLegend = 170;  ///< besides kRight, where there is one
constexpr double kTop = 34;
constexpr double kBottom = 48;
constexpr double kCharacter = 6.2;  ///< mean width at size 11
constexpr size_t kLegendCharacters = 22;
constexpr size_t kLabelCharacters = 40;

constexpr const char* kGrey = "#888";
constexpr const char* kGrid = "#e4e4e4";

/// Told apart by most colour-blind readers (Okabe, Ito 2008), blue first.
constexpr const char* kColors[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                   "#e69f00", "#56b4e9", "#000000", "#b2a000"};

const char* Color(size_t index) {
  return kColors[index % (sizeof kColors / sizeof *kColors)];
}

/// A range of values along an axis, and the step between its ticks.
struct Axis {
  double low = 0;
  double high = 1;
  double step = 0.2;

  void Include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }

  /// Widens the range to ticks at 1, 2 or 5 times a power of ten.
  void Round() {
    if (!(high > low)) high = low + 1;
    const double rough = (high - low) / 5;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    step = 10 * power;
    for (double factor : {5.0, 2.0, 1.0}) {
      if (factor * power >= rough * (1 - 1e-9)) step = factor * power;
    }
    low = step * std::floor(low / step + 1e-9);
    high = step * std::ceil(high / step - 1e-9);
  }
};

std::string Number(double value, double step) {
  char text[32];
  if (std::abs(value) < step * 1e-6) value = 0;
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

/// The last characters of a UTF-8 text: paths differ at their ends.
std::string Shorten(const std::string& text, size_t characters) {
  size_t begin = text.size();
  size_t count = 0;
  while (begin > 0 && count <= characters) {
    --begin;
    if ((text[begin] & 0xC0) != 0x80) ++count;
  }
  if (count <= characters) return text;
  ++begin;  // past the character that is one too many
  while (begin < text.size() && (text[begin] & 0xC0) == 0x80) ++begin;
  return "…" + text.substr(begin);
}

/// How much of the page a panel takes.
double HeightOf(const PlotPanel& panel) {
  const double height = panel.diagonal ? kSquareHeight : kHeight;
  const size_t names = panel.series.size();
  if (names < 2) return height;
  return std::max(height, kTop + 16 * static_cast<double>(names) + 10);
}

bool Finite(const std::pair<double, double>& point) {
  return std::isfinite(point.first) && std::isfinite(point.second);
}

/// A panel on the page: the rectangle and the values its edges stand for.
class Frame {
 public:
  Frame(const PlotPanel& panel, double top)
      : top_(top),
        bottom_(top + (panel.diagonal ? kSquareHeight : kHeight) - kBottom),
        right_(kWidth - kRight - (panel.series.size() > 1 ? kLegend : 0)) {
    FitAxes(panel);
    if (panel.diagonal) {  // one unit is as long upwards as to the right
      x_.Include(y_.low);
      x_.Include(y_.high);
      y_ = x_;
      right_ = std::min(right_, kLeft + Bottom() - Top());
    }
    x_.Round();
    y_.Round();
  }

  double X(double x) const {
    return kLeft + (x - x_.low) / (x_.high - x_.low) * (right_ - kLeft);
  }
  double Y(double y) const {
    return Bottom() - (y - y_.low) / (y_.high - y_.low) * (Bottom() - Top());
  }
  double Top() const { return top_ + kTop; }
  double Bottom() const { return bottom_; }
  double Right() const { return right_; }

  void Draw(const PlotPanel& panel, Svg* svg) const {
    for (double y = y_.low; y <= y_.high + y_.step / 2; y += y_.step) {
      svg->Line(kLeft, Y(y), right_, Y(y), kGrid);
      svg->Text(kLeft - 6, Y(y) + 4, Anchor::kEnd, Number(y, y_.step), 11);
    }
    for (double x = x_.low; x <= x_.high + x_.step / 2; x += x_.step) {
      svg->Line(X(x), Top(), X(x), Bottom(), kGrid);
      svg->Text(X(x), Bottom() + 15, Anchor::kMiddle, Number(x, x_.step), 11);
    }
    svg->Rect(kLeft, Top(), right_ - kLeft, Bottom() - Top(), "none", kGrey);
    svg->Text(kLeft, top_ + 22, Anchor::kStart, panel.title, 13);
    svg->Text((kLeft + right_) / 2, Bottom() + 34, Anchor::kMiddle,
              panel.x_label);
    if (panel.y_label.empty()) return;
    svg->Text(16, (Top() + Bottom()) / 2, Anchor::kMiddle, panel.y_label, 12,
              -90);
  }

  void DrawDiagonal(Svg* svg) const {
    svg->Line(X(x_.low), Y(x_.low), X(x_.high), Y(x_.high), "#c62828", 1,
              "5 4");
  }

  void DrawLegend(const PlotPanel& panel, Svg* svg) const {
    double y = Top() + 10;
    for (size_t i = 0; i < panel.series.size(); ++i) {
      svg->Line(right_ + 10, y - 4, right_ + 26, y - 4, Color(i), 3);
      svg->Text(right_ + 32, y, Anchor::kStart,
                Shorten(panel.series[i].name, kLegendCharacters), 11);
      y += 16;
    }
  }

 private:
  void FitAxes(const PlotPanel& panel) {
    bool first = true;
    for (const Series& series : panel.series) {
      for (const auto& point : series.points) {
        if (!Finite(point)) continue;
        if (first) {
          x_.low = x_.high = point.first;
          y_.low = y_.high = point.second;
        }
        first = false;
        x_.Include(point.first);
        y_.Include(point.second);
      }
    }
  }

  double top_;
  double bottom_;
  double right_;
  Axis x_;
  Axis y_;
};

void DrawSeries(const PlotPanel& panel, const Frame& frame, Svg* svg) {
  for (size_t i = 0; i < panel.series.size(); ++i) {
    std::vector<std::pair<double, double>> points;
    for (const auto& point : panel.series[i].points) {
      if (!Finite(point)) continue;
      points.emplace_back(frame.X(point.first), frame.Y(point.second));
    }
    if (!panel.dots) svg->Polyline(points, Color(i));
    // A line of few points shows where they are, and a single one at all.
    const bool few = points.size() <= 30;
    for (const auto& [x, y] : points) {
      if (panel.dots) {
        svg->Circle(x, y, 2, Color(i), 0.5);
      } else if (few) {
        svg->Circle(x, y, 3, Color(i));
      }
    }
  }
}

/// White to dark blue.
std::string Shade(double part) {
  const auto mix = [part](int from, int to) {
    return static_cast<int>(std::lround(from + part * (to - from)));
  };
  char text[32];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", mix(255, 8), mix(255, 48),
                mix(255, 107));
  return text;
}

/// Places of a matrix on the page.
struct Grid {
  double left;
  double top;
  double cell = 26;

  double X(size_t column) const {
    return left + cell * static_cast<double>(column);
  }
  double Y(size_t row) const { return top + cell * static_cast<double>(row); }
};

void DrawRow(const Grid& grid, size_t row, const std::vector<int64_t>& counts,
             Svg* svg) {
  int64_t sum = 0;
  for (int64_t count : counts) sum += count;
  for (size_t column = 0; column < counts.size(); ++column) {
    const double part =
        sum > 0 ? static_cast<double>(counts[column]) / static_cast<double>(sum)
                : 0;
    svg->Rect(grid.X(column), grid.Y(row), grid.cell, grid.cell, Shade(part),
              row == column ? "#555" : "#ddd");
    if (counts[column] == 0) continue;
    svg->Text(grid.X(column) + grid.cell / 2, grid.Y(row) + grid.cell / 2 + 3.5,
              Anchor::kMiddle, std::to_string(counts[column]), 9.5, 0,
              part > 0.5 ? "white" : "black");
  }
}

}  // namespace

std::string PlotPanels(const std::vector<PlotPanel>& panels) {
  double height = 0;
  double width = 0;
  std::vector<Frame> frames;
  for (const PlotPanel& panel : panels) {
    frames.emplace_back(panel, height);
    height += HeightOf(panel);
    width = std::max(width, frames.back().Right() + kRight +
                                (panel.series.size() > 1 ? kLegend : 0));
  }
  Svg svg(width, height);
  for (size_t i = 0; i < panels.size(); ++i) {
    frames[i].Draw(panels[i], &svg);
    if (panels[i].diagonal) frames[i].DrawDiagonal(&svg);
    DrawSeries(panels[i], frames[i], &svg);
    if (panels[i].series.size() > 1) frames[i].DrawLegend(panels[i], &svg);
  }
  return svg.Document();
}

std::string LinePlot(const std::string& x_label,
                     const std::vector<Series>& series) {
  std::vector<PlotPanel> panels;
  for (const Series& line : series) {
    panels.push_back({line.name, x_label, "", {line}});
  }
  return PlotPanels(panels);
}

std::string ScatterPlot(const std::string& x_label, const std::string& y_label,
                        const Series& series) {
  PlotPanel panel{series.name, x_label, y_label, {series}};
  panel.dots = true;
  panel.diagonal = true;
  return PlotPanels({panel});
}

std::string MatrixPlot(const std::string& title,
                       const std::vector<std::string>& names,
                       const std::vector<std::vector<int64_t>>& counts) {
  std::vector<std::string> labels;
  size_t longest = 0;
  for (const std::string& name : names) {
    labels.push_back(Shorten(name, kLabelCharacters));
    longest = std::max(longest, std::min(name.size(), kLabelCharacters));
  }
  const double label = kCharacter * static_cast<double>(longest) + 14;
  const Grid grid{label + 20, label + 56};
  const double right = grid.X(names.size());
  Svg svg(std::max(right + 20, 320.0), grid.Y(names.size()) + 20);
  svg.Text(14, 22, Anchor::kStart, title, 13);
  svg.Text(14, 40, Anchor::kStart, "rows: true, columns: predicted", 11);
  for (size_t i = 0; i < names.size(); ++i) {
    svg.Text(grid.left - 6, grid.Y(i) + grid.cell / 2 + 4, Anchor::kEnd,
             labels[i], 11);
    svg.Text(grid.X(i) + grid.cell / 2 + 4, grid.top - 6, Anchor::kStart,
             labels[i], 11, -90);
    DrawRow(grid, i, counts[i], &svg);
  }
  return svg.Document();
}

}  // namespace graphiqa
