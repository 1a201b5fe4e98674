// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "simplex.h"

#include <algorithm>
#include <cmath>

namespace graphiqa {
namespace {

using Point = std::vector<double>;

struct Vertex {
  Point point;
  double value;
};

class Simplex {
 public:
  Simplex(const std::function<double(const Point&)>& function,
          const Point& start, const SimplexOptions& options)
      : function_(function), options_(options) {
    vertices_.push_back(Evaluate(start));
    for (size_t i = 0; i < start.size(); ++i) {
      Point point = start;
      point[i] *= 1.05;
      vertices_.push_back(Evaluate(std::move(point)));
    }
    Sort();
  }

  Point Minimize() {
    for (int step = 0; step < options_.max_evaluations &&
                       evaluations_ < options_.max_evaluations && !Converged();
         ++step) {
      Step();
      Sort();
    }
    return vertices_.front().point;
  }

 private:
  Vertex Evaluate(Point point) {
    ++evaluations_;
    const double value = function_(point);
    return {std::move(point), value};
  }

  void Sort() {
    std::stable_sort(
        vertices_.begin(), vertices_.end(),
        [](const Vertex& a, const Vertex& b) { return a.value < b.value; });
  }

  bool Converged() const {
    const Vertex& best = vertices_.front();
    for (const Vertex& vertex : vertices_) {
      // Written so that a difference of infinities does not count as small.
      if (!(&vertex == &best ||
            std::abs(best.value - vertex.value) <= options_.value_tolerance)) {
        return false;
      }
      for (size_t i = 0; i < best.point.size(); ++i) {
        if (std::abs(vertex.point[i] - best.point[i]) >
            options_.vertex_tolerance) {
          return false;
        }
      }
    }
    return true;
  }

  /// The point `factor` times as far from the centre of all but the worst as
  /// the worst is, on the other side.
  Vertex Reflect(const Point& centre, double factor) {
    const Point& worst = vertices_.back().point;
    Point point(centre.size());
    for (size_t i = 0; i < point.size(); ++i) {
      point[i] = (1 + factor) * centre[i] - factor * worst[i];
    }
    return Evaluate(std::move(point));
  }

  /// Of all vertices but the worst. Summed with more bits than a double has:
  /// the last bit can lead the search elsewhere, and this way agrees with the
  /// official outputs.
  Point Centre() const {
    Point centre(vertices_.front().point.size());
    for (size_t i = 0; i < centre.size(); ++i) {
      long double sum = 0;
      for (size_t k = 0; k + 1 < vertices_.size(); ++k) {
        sum += vertices_[k].point[i];
      }
      centre[i] =
          static_cast<double>(sum / static_cast<long double>(centre.size()));
    }
    return centre;
  }

  void Step() {
    const Point centre = Centre();
    Vertex& worst = vertices_.back();
    const Vertex reflected = Reflect(centre, 1);
    if (reflected.value < vertices_.front().value) {
      const Vertex expanded = Reflect(centre, 2);
      worst = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < vertices_[vertices_.size() - 2].value) {
      worst = reflected;
    } else if (reflected.value < worst.value) {
      const Vertex outside = Reflect(centre, 0.5);
      if (outside.value <= reflected.value) {
        worst = outside;
      } else {
        Shrink();
      }
    } else {
      const Vertex inside = Reflect(centre, -0.5);
      if (inside.value < worst.value) {
        worst = inside;
      } else {
        Shrink();
      }
    }
  }

  void Shrink() {
    const Point best = vertices_.front().point;
    for (size_t k = 1; k < vertices_.size(); ++k) {
      Point point = vertices_[k].point;
      for (size_t i = 0; i < point.size(); ++i) {
        point[i] = best[i] + 0.5 * (point[i] - best[i]);
      }
      vertices_[k] = Evaluate(std::move(point));
    }
  }

  const std::function<double(const Point&)>& function_;
  const SimplexOptions options_;
  std::vector<Vertex> vertices_;
  int evaluations_ = 0;
};

}  // namespace

std::vector<double> MinimizeBySimplex(
    const std::function<double(const std::vector<double>&)>& function,
    const std::vector<double>& start, const SimplexOptions& options) {
  return Simplex(function, start, options).Minimize();
}

}  // namespace graphiqa
