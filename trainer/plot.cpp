// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "plot.h"

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace graphiqa {
namespace {

constexpr double kWidth = 640;
constexpr double kHeight = 260;
constexpr double kMargin = 50;

/// A panel: the rectangle and the values that its edges stand for.
struct Panel {
  double top = 0;
  double x_low = 0, x_high = 1;
  double y_low = 0, y_high = 1;

  double X(double x) const {
    return kMargin + (x - x_low) / (x_high - x_low) * (kWidth - 2 * kMargin);
  }
  double Y(double y) const {
    return top + kHeight - kMargin -
           (y - y_low) / (y_high - y_low) * (kHeight - 2 * kMargin);
  }
};

Panel Fit(const Series& series, double top) {
  Panel panel;
  panel.top = top;
  if (series.points.empty()) return panel;
  panel.x_low = panel.x_high = series.points[0].first;
  panel.y_low = panel.y_high = series.points[0].second;
  for (const auto& [x, y] : series.points) {
    panel.x_low = std::min(panel.x_low, x);
    panel.x_high = std::max(panel.x_high, x);
    panel.y_low = std::min(panel.y_low, y);
    panel.y_high = std::max(panel.y_high, y);
  }
  if (panel.x_high <= panel.x_low) panel.x_high = panel.x_low + 1;
  if (panel.y_high <= panel.y_low) panel.y_high = panel.y_low + 1;
  return panel;
}

std::string Escape(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

void Text(double x, double y, const char* anchor, const std::string& text,
          std::ostringstream* svg) {
  *svg << "<text x=\"" << x << "\" y=\"" << y << "\" text-anchor=\"" << anchor
       << "\">" << Escape(text) << "</text>\n";
}

std::string Number(double value) {
  std::ostringstream text;
  text << std::setprecision(4) << value;
  return text.str();
}

void Frame(const Panel& panel, const std::string& x_label,
           const std::string& title, std::ostringstream* svg) {
  const double bottom = panel.top + kHeight - kMargin;
  *svg << "<rect x=\"" << kMargin << "\" y=\"" << panel.top + kMargin
       << "\" width=\"" << kWidth - 2 * kMargin << "\" height=\""
       << kHeight - 2 * kMargin << "\" fill=\"none\" stroke=\"#888\"/>\n";
  Text(kMargin, panel.top + kMargin - 8, "start", title, svg);
  Text(kMargin - 6, bottom, "end", Number(panel.y_low), svg);
  Text(kMargin - 6, panel.top + kMargin + 10, "end", Number(panel.y_high), svg);
  Text(kMargin, bottom + 16, "start", Number(panel.x_low), svg);
  Text(kWidth - kMargin, bottom + 16, "end", Number(panel.x_high), svg);
  Text(kWidth / 2, bottom + 32, "middle", x_label, svg);
}

std::string Document(double height, const std::string& body) {
  std::ostringstream svg;
  svg << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " << kWidth
      << ' ' << height
      << "\" font-family=\"sans-serif\" font-size=\"12\">\n"
         "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
      << body << "</svg>\n";
  return svg.str();
}

}  // namespace

std::string LinePlot(const std::string& x_label,
                     const std::vector<Series>& series) {
  std::ostringstream body;
  double top = 0;
  for (const Series& line : series) {
    const Panel panel = Fit(line, top);
    Frame(panel, x_label, line.name, &body);
    body << "<polyline fill=\"none\" stroke=\"#1565c0\" stroke-width=\"2\" "
            "points=\"";
    for (const auto& [x, y] : line.points) {
      body << panel.X(x) << ',' << panel.Y(y) << ' ';
    }
    body << "\"/>\n";
    top += kHeight;
  }
  return Document(top, body.str());
}

std::string ScatterPlot(const std::string& x_label, const std::string& y_label,
                        const Series& series) {
  std::ostringstream body;
  const Panel panel = Fit(series, 0);
  Frame(panel, x_label, series.name + " (upwards: " + y_label + ")", &body);
  const double low = std::max(panel.x_low, panel.y_low);
  const double high = std::min(panel.x_high, panel.y_high);
  if (low < high) {
    body << "<line x1=\"" << panel.X(low) << "\" y1=\"" << panel.Y(low)
         << "\" x2=\"" << panel.X(high) << "\" y2=\"" << panel.Y(high)
         << "\" stroke=\"#c62828\"/>\n";
  }
  for (const auto& [x, y] : series.points) {
    body << "<circle cx=\"" << panel.X(x) << "\" cy=\"" << panel.Y(y)
         << "\" r=\"2\" fill=\"#1565c0\" fill-opacity=\"0.5\"/>\n";
  }
  return Document(kHeight, body.str());
}

}  // namespace graphiqa
