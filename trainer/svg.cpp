// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "svg.h"

namespace graphiqa {
namespace {

std::string Escape(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (static_cast<unsigned char>(c) >= 0x20) {
      out += c;  // XML 1.0 has no other control characters
    }
  }
  return out;
}

const char* Name(Anchor anchor) {
  switch (anchor) {
    case Anchor::kStart:
      return "start";
    case Anchor::kMiddle:
      return "middle";
    case Anchor::kEnd:
      return "end";
  }
  return "start";
}

}  // namespace

Svg::Svg(double width, double height) : width_(width), height_(height) {}

void Svg::Line(double x1, double y1, double x2, double y2,
               const std::string& color, double width,
               const std::string& dashes) {
  body_ << "<line x1=\"" << x1 << "\" y1=\"" << y1 << "\" x2=\"" << x2
        << "\" y2=\"" << y2 << "\" stroke=\"" << color << "\" stroke-width=\""
        << width << '"';
  if (!dashes.empty()) body_ << " stroke-dasharray=\"" << dashes << '"';
  body_ << "/>\n";
}

void Svg::Rect(double x, double y, double width, double height,
               const std::string& fill, const std::string& stroke) {
  body_ << "<rect x=\"" << x << "\" y=\"" << y << "\" width=\"" << width
        << "\" height=\"" << height << "\" fill=\"" << fill << "\" stroke=\""
        << stroke << "\"/>\n";
}

void Svg::Circle(double x, double y, double radius, const std::string& fill,
                 double opacity) {
  body_ << "<circle cx=\"" << x << "\" cy=\"" << y << "\" r=\"" << radius
        << "\" fill=\"" << fill << "\" fill-opacity=\"" << opacity << "\"/>\n";
}

void Svg::Polyline(const std::vector<std::pair<double, double>>& points,
                   const std::string& color) {
  body_ << "<polyline fill=\"none\" stroke=\"" << color
        << "\" stroke-width=\"2\" points=\"";
  for (const auto& [x, y] : points) body_ << x << ',' << y << ' ';
  body_ << "\"/>\n";
}

void Svg::Text(double x, double y, Anchor anchor, const std::string& text,
               double size, double turn, const std::string& color) {
  body_ << "<text x=\"" << x << "\" y=\"" << y << "\" text-anchor=\""
        << Name(anchor) << "\" font-size=\"" << size << "\" fill=\"" << color
        << '"';
  if (turn != 0) {
    body_ << " transform=\"rotate(" << turn << ' ' << x << ' ' << y << ")\"";
  }
  body_ << '>' << Escape(text) << "</text>\n";
}

std::string Svg::Document() const {
  std::ostringstream svg;
  svg << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " << width_
      << ' ' << height_
      << "\" font-family=\"sans-serif\">\n"
         "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
      << body_.str() << "</svg>\n";
  return svg.str();
}

}  // namespace graphiqa
