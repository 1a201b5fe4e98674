// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "score_drops.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "engine/combine.h"
#include "kadid_scores.h"

namespace graphiqa {
namespace {

constexpr size_t kLevels = 5;
/// Of the mean squares: cells that hardly any picture is named as stay near 0.
constexpr double kRidge = 1e-4;
constexpr int kRounds = 2000;

using Row = std::vector<double>;

/// How much each drop takes off a picture's score, by row * 5 + level - 1.
Row PartsOf(const SaidPicture& picture, size_t rows, double sure) {
  Row parts(rows * kLevels, 0.0);
  if (static_cast<size_t>(picture.said) + 1 == rows) return parts;
  DropsInfo unit{sure, Drops(rows)};
  for (size_t level = 0; level < kLevels; ++level) {
    auto& drop = unit.levels[static_cast<size_t>(picture.said)][level];
    drop = 1;
    parts[static_cast<size_t>(picture.said) * kLevels + level] =
        DropOf(unit, picture.said, picture.confidence, picture.said_level);
    drop = 0;
  }
  return parts;
}

/// Least squares x'Ax - 2bx with x >= 0, by coordinate descent.
struct Squares {
  explicit Squares(size_t size)
      : size(size), a(size * size, 0.0), b(size, 0.0) {}

  void Add(const Row& row, double wanted, double weight) {
    for (size_t i = 0; i < size; ++i) {
      if (row[i] == 0) continue;
      for (size_t j = 0; j < size; ++j) {
        a[i * size + j] += weight * row[i] * row[j];
      }
      b[i] += weight * row[i] * wanted;
    }
  }

  Row Solve() const {
    Row x(size, 0.0);
    for (int round = 0; round < kRounds; ++round) {
      for (size_t i = 0; i < size; ++i) {
        double rest = b[i];
        for (size_t j = 0; j < size; ++j) {
          if (j != i) rest -= a[i * size + j] * x[j];
        }
        x[i] = std::clamp(rest / (a[i * size + i] + kRidge), 0.0, 100.0);
      }
    }
    return x;
  }

  size_t size;
  Row a, b;
};

/// Sums over the pictures of one type and level.
struct Cell {
  Row parts;
  double score = 0;
  double count = 0;
};

}  // namespace

Drops FitDrops(const std::vector<SaidPicture>& pictures, size_t rows,
               const DropOptions& options) {
  std::map<std::pair<int, int>, Cell> cells;
  Squares squares(rows * kLevels);
  double rated = 0;
  for (const SaidPicture& picture : pictures) rated += picture.rated ? 1 : 0;
  for (const SaidPicture& picture : pictures) {
    const Row parts = PartsOf(picture, rows, options.sure);
    if (picture.rated) {
      squares.Add(parts, 0, options.natural * 125 / rated);
      continue;
    }
    Cell& cell = cells[{picture.type, picture.level}];
    if (cell.parts.empty()) cell.parts.assign(parts.size(), 0.0);
    for (size_t i = 0; i < parts.size(); ++i) cell.parts[i] += parts[i];
    cell.score += picture.score;
    cell.count += 1;
  }
  const Cell& clean = cells.at({0, 0});
  const double top = clean.score / clean.count;
  for (auto& [key, cell] : cells) {
    for (double& part : cell.parts) part /= cell.count;
    const double ratio = key.first == 0 ? 1 : KadidRatio(key.first, key.second);
    const double wanted = options.floor + (top - options.floor) * ratio;
    squares.Add(cell.parts, cell.score / cell.count - wanted, 1);
  }
  const Row solved = squares.Solve();
  Drops drops(rows);
  for (size_t i = 0; i < solved.size(); ++i) {
    drops[i / kLevels][i % kLevels] = solved[i];
  }
  return drops;
}

double DroppedScore(const SaidPicture& picture, const Drops& drops,
                    double sure) {
  const double drop = DropOf({sure, drops}, picture.said, picture.confidence,
                             picture.said_level);
  return std::clamp(picture.score - drop, 0.0, 100.0);
}

}  // namespace graphiqa
