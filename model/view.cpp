// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "view.h"

#include <algorithm>
#include <cmath>

namespace graphiqa {
namespace {

/// SplitMix64: turns a frame number and a cell into bits that depend on
/// nothing else, on any machine.
uint64_t Mix(uint64_t z) {
  z += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

/// Offset in [0, room] of a crop inside its cell. Frame 0 sits in the middle.
int OffsetIn(int room, uint64_t frame_number, uint64_t stream) {
  if (room <= 0) return 0;
  if (frame_number == 0) return room / 2;
  const uint64_t bits = Mix(Mix(frame_number) + stream);
  return static_cast<int>(bits % (static_cast<uint64_t>(room) + 1));
}

/// Start of the window of `size` pixels in cell `index` of `count` on an axis
/// of `length` pixels. Cells share the room that the windows leave.
int StratifiedStart(int length, int size, int index, int count,
                    uint64_t frame_number, uint64_t stream) {
  const int room = length - size;
  if (room <= 0) return 0;
  const auto at = [&](int i) {
    return static_cast<int>(static_cast<int64_t>(room) * i / count);
  };
  const int begin = at(index);
  return begin + OffsetIn(at(index + 1) - begin, frame_number, stream);
}

/// Rows of the grid: near-square cells, and never more rows than crops.
int GridRows(int count, int width, int height) {
  const double rows =
      std::sqrt(static_cast<double>(count) * height / std::max(width, 1));
  return std::clamp(static_cast<int>(std::lround(rows)), 1, count);
}

void AddNative(const ViewPlan& plan, int width, int height,
               uint64_t frame_number, int count, std::vector<View>* views) {
  if (count <= 0) return;
  const int side_x = std::min(plan.view_size_px, width);
  const int side_y = std::min(plan.view_size_px, height);
  const int rows = GridRows(count, width, height);
  int placed = 0;
  for (int row = 0; row < rows; ++row) {
    const int columns = (count - placed) / (rows - row);
    for (int column = 0; column < columns; ++column) {
      const auto stream = static_cast<uint64_t>(placed + column) * 2;
      views->push_back(
          {ViewKind::kNative,
           StratifiedStart(width, side_x, column, columns, frame_number,
                           stream),
           StratifiedStart(height, side_y, row, rows, frame_number, stream + 1),
           side_x, side_y});
    }
    placed += columns;
  }
}

/// Windows of one whole-picture scale. The source window has the size that,
/// scaled, becomes the view size; it never exceeds the shorter side.
void AddWhole(const WholeViews& whole, int width, int height,
              uint64_t frame_number, int count, std::vector<View>* views) {
  const int shorter = std::min(width, height);
  const int side = std::clamp(
      static_cast<int>(std::lround(shorter / std::max(whole.scale, 1.0))), 1,
      shorter);
  for (int i = 0; i < count; ++i) {
    const auto stream = 0x10000u + static_cast<uint64_t>(i) * 2;
    const bool landscape = width >= height;
    const int x = StratifiedStart(width, side, landscape ? i : 0,
                                  landscape ? count : 1, frame_number, stream);
    const int y =
        StratifiedStart(height, side, landscape ? 0 : i, landscape ? 1 : count,
                        frame_number, stream + 1);
    views->push_back({ViewKind::kWhole, x, y, side, side});
  }
}

void CheckPlan(const ViewPlan& plan, int width, int height, int crops) {
  if (width < 1 || height < 1) {
    throw Error(ErrorCode::kUsage, "picture of " + std::to_string(width) + "x" +
                                       std::to_string(height) +
                                       " pixels has no views");
  }
  if (crops < 0 || crops > 256) {
    throw Error(ErrorCode::kUsage, "number of crops " + std::to_string(crops) +
                                       " is outside 0 to 256");
  }
  if (plan.view_size_px < 1) {
    throw Error(
        ErrorCode::kUsage,
        "view size " + std::to_string(plan.view_size_px) + " is not positive");
  }
}

}  // namespace

std::vector<View> PlanViews(const ViewPlan& plan, int width, int height,
                            uint64_t frame_number, int crops) {
  CheckPlan(plan, width, height, crops);
  std::vector<View> views;
  int whole_total = 0;
  for (const WholeViews& whole : plan.whole) whole_total += whole.count;
  const int wanted = crops > 0 ? crops : whole_total + plan.native;
  for (const WholeViews& whole : plan.whole) {
    const int left = wanted - static_cast<int>(views.size());
    AddWhole(whole, width, height, frame_number, std::min(whole.count, left),
             &views);
  }
  AddNative(plan, width, height, frame_number,
            wanted - static_cast<int>(views.size()), &views);
  return views;
}

}  // namespace graphiqa
