// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace graphiqa {

/// Where a text's reference point is.
enum class Anchor { kStart, kMiddle, kEnd };

/// An SVG document that grows by shapes. Places and sizes are in pixels, from
/// the top left; colours as SVG writes them.
class Svg {
 public:
  Svg(double width, double height);

  void Line(double x1, double y1, double x2, double y2,
            const std::string& color, double width = 1,
            const std::string& dashes = "");
  void Rect(double x, double y, double width, double height,
            const std::string& fill, const std::string& stroke = "none");
  void Circle(double x, double y, double radius, const std::string& fill,
              double opacity = 1);
  void Polyline(const std::vector<std::pair<double, double>>& points,
                const std::string& color);

  /// @param turn  degrees, clockwise, about the reference point
  void Text(double x, double y, Anchor anchor, const std::string& text,
            double size = 12, double turn = 0,
            const std::string& color = "black");

  /// The whole document.
  std::string Document() const;

 private:
  double width_;
  double height_;
  std::ostringstream body_;
};

}  // namespace graphiqa
