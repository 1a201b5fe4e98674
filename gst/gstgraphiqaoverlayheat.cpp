// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "gstgraphiqaoverlaypanel.h"

namespace graphiqa {
namespace {

constexpr double kCells = 16 * 9;  ///< about so many, as square as can be
constexpr double kSmallestCell = 12;
constexpr double kLeastRadius = 0.06;  ///< of a cell's side, at score 80
constexpr double kMostRadius = 0.22;   ///< at score 30
constexpr double kOutline = 0.03;

/// The picture cut into equal cells, in units of square pixels.
struct Grid {
  int columns;
  int rows;
  double cell_width;
  double cell_height;
};

Grid GridFor(const OverlayPicture& picture) {
  const double side = std::sqrt(picture.width() * picture.height() / kCells);
  const auto count = [side](double length) {
    return std::max(1, static_cast<int>(std::lround(length / side)));
  };
  const int columns = count(picture.width());
  const int rows = count(picture.height());
  return {columns, rows, picture.width() / columns, picture.height() / rows};
}

bool Covers(const HeatArea& area, double x, double y) {
  return x >= area.x && x < area.x + area.width && y >= area.y &&
         y < area.y + area.height;
}

/// The mean over the areas that a point lies in; small ones count more, since
/// they say more about it.
std::optional<double> ScoreAt(const std::vector<HeatArea>& areas, double x,
                              double y) {
  double sum = 0;
  double weights = 0;
  for (const HeatArea& area : areas) {
    if (!Covers(area, x, y)) continue;
    const double weight = 1 / (area.width * area.height);
    sum += weight * area.score;
    weights += weight;
  }
  if (weights <= 0) return std::nullopt;
  return sum / weights;
}

/// Whether a dot at (x, y) may touch the box, both in units.
bool Touches(const PixelBox& box, const OverlayPicture& picture, double x,
             double y, double reach) {
  return x + reach > box.x / picture.x_scale &&
         x - reach < (box.x + box.width) / picture.x_scale &&
         y + reach > box.y && y - reach < box.y + box.height;
}

double Radius(double score, double side) {
  const double badness = std::clamp((80 - score) / 50, 0.0, 1.0);
  return side * (kLeastRadius + badness * (kMostRadius - kLeastRadius));
}

void DrawDot(Canvas* canvas, double x, double y, double score, double side) {
  const double radius = Radius(score, side);
  cairo_t* cairo = canvas->cairo();
  canvas->SetColor({0, 0, 0}, 0.7);
  cairo_new_path(cairo);
  cairo_arc(cairo, x, y, radius + kOutline * side, 0, 7);
  cairo_fill(cairo);
  canvas->SetColor(ScoreColor(score));
  cairo_arc(cairo, x, y, radius, 0, 7);
  cairo_fill(cairo);
}

/// @returns null where there is no dot in this row of cells
RectanglePtr DrawRow(const std::vector<HeatArea>& areas,
                     const OverlayPicture& picture, const Grid& grid,
                     const PixelBox& spared, int row) {
  const double side = std::min(grid.cell_width, grid.cell_height);
  const double center = (row + 0.5) * grid.cell_height;
  const double reach = (kMostRadius + kOutline) * side;
  const int top = static_cast<int>(center - reach) / 2 * 2;
  Canvas canvas(picture.width(), center + reach - top + 1);
  bool any = false;
  for (int column = 0; column < grid.columns; ++column) {
    const double x = (column + 0.5) * grid.cell_width;
    const std::optional<double> score =
        ScoreAt(areas, x / picture.width(), center / picture.height());
    if (!score || Touches(spared, picture, x, center, reach)) continue;
    DrawDot(&canvas, x, center - top, *score, side);
    any = true;
  }
  return any ? canvas.Finish(0, top, picture.x_scale) : nullptr;
}

}  // namespace

std::vector<RectanglePtr> DrawHeatMap(const std::vector<HeatArea>& areas,
                                      const OverlayPicture& picture,
                                      const PixelBox& spared) {
  std::vector<RectanglePtr> rectangles;
  const Grid grid = GridFor(picture);
  if (areas.empty() || grid.cell_height < kSmallestCell) return rectangles;
  for (int row = 0; row < grid.rows; ++row) {
    RectanglePtr rectangle = DrawRow(areas, picture, grid, spared, row);
    if (rectangle) rectangles.push_back(std::move(rectangle));
  }
  return rectangles;
}

}  // namespace graphiqa
