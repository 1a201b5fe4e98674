// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "meters.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>

namespace graphiqa {
namespace {

std::vector<size_t> Order(const std::vector<double>& values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t i, size_t j) { return values[i] < values[j]; });
  return order;
}

std::vector<double> Ranks(const std::vector<double>& values) {
  const std::vector<size_t> order = Order(values);
  std::vector<double> ranks(values.size());
  for (size_t begin = 0; begin < order.size();) {
    size_t end = begin;
    while (end < order.size() && values[order[end]] == values[order[begin]]) {
      ++end;
    }
    const double rank = 0.5 * static_cast<double>(begin + end - 1);
    for (; begin < end; ++begin) ranks[order[begin]] = rank;
  }
  return ranks;
}

/// Pairs that are equal, summed over runs of a sorted list.
template <typename Equal>
int64_t TiedPairs(size_t count, const Equal& equal) {
  int64_t pairs = 0;
  int64_t run = 1;
  for (size_t i = 1; i <= count; ++i) {
    if (i < count && equal(i - 1, i)) {
      ++run;
    } else {
      pairs += run * (run - 1) / 2;
      run = 1;
    }
  }
  return pairs;
}

/// Sorts and counts the inversions (strictly greater before smaller).
int64_t SortCounting(std::vector<double>* values) {
  const size_t count = values->size();
  std::vector<double> merged(count);
  int64_t inversions = 0;
  for (size_t width = 1; width < count; width *= 2) {
    for (size_t begin = 0; begin < count; begin += 2 * width) {
      const size_t middle = std::min(begin + width, count);
      const size_t end = std::min(begin + 2 * width, count);
      size_t left = begin;
      size_t right = middle;
      for (size_t out = begin; out < end; ++out) {
        const bool take_right =
            left == middle ||
            (right < end && (*values)[right] < (*values)[left]);
        if (take_right) inversions += static_cast<int64_t>(middle - left);
        merged[out] = (*values)[take_right ? right++ : left++];
      }
    }
    values->swap(merged);
  }
  return inversions;
}

/// Solves the 4x4 system by elimination with pivoting. @returns false when it
/// is singular
bool Solve4(std::array<std::array<double, 5>, 4> m, std::array<double, 4>* x) {
  for (size_t column = 0; column < 4; ++column) {
    size_t pivot = column;
    for (size_t row = column + 1; row < 4; ++row) {
      if (std::abs(m[row][column]) > std::abs(m[pivot][column])) pivot = row;
    }
    if (std::abs(m[pivot][column]) < 1e-300) return false;
    std::swap(m[pivot], m[column]);
    for (size_t row = 0; row < 4; ++row) {
      if (row == column) continue;
      const double factor = m[row][column] / m[column][column];
      for (size_t k = column; k < 5; ++k) m[row][k] -= factor * m[column][k];
    }
  }
  for (size_t i = 0; i < 4; ++i) (*x)[i] = m[i][4] / m[i][i];
  return true;
}

double SquaredError(const Logistic& map, const std::vector<double>& x,
                    const std::vector<double>& y) {
  double sum = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    sum += (map(x[i]) - y[i]) * (map(x[i]) - y[i]);
  }
  return sum;
}

/// d f / d beta at x.
std::array<double, 4> Gradient(const Logistic& map, double x) {
  const auto& b = map.beta;
  const double width = std::max(std::abs(b[3]), 1e-12);
  const double sigmoid = 1 / (1 + std::exp(-(x - b[2]) / width));
  const double slope = (b[0] - b[1]) * sigmoid * (1 - sigmoid);
  return {sigmoid, 1 - sigmoid, -slope / width,
          -slope * (x - b[2]) / (width * width) * (b[3] < 0 ? -1 : 1)};
}

/// One damped Gauss-Newton step. @returns false when it cannot be solved
bool Step(const std::vector<double>& x, const std::vector<double>& y,
          double damping, const Logistic& from, Logistic* to) {
  std::array<std::array<double, 5>, 4> normal{};
  for (size_t i = 0; i < x.size(); ++i) {
    const std::array<double, 4> g = Gradient(from, x[i]);
    const double residual = y[i] - from(x[i]);
    for (size_t r = 0; r < 4; ++r) {
      for (size_t c = 0; c < 4; ++c) normal[r][c] += g[r] * g[c];
      normal[r][4] += g[r] * residual;
    }
  }
  for (size_t r = 0; r < 4; ++r) normal[r][r] *= 1 + damping;
  std::array<double, 4> delta{};
  if (!Solve4(normal, &delta)) return false;
  for (size_t r = 0; r < 4; ++r) to->beta[r] = from.beta[r] + delta[r];
  return true;
}

double Mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) /
         static_cast<double>(values.size());
}

double Deviation(const std::vector<double>& values) {
  const double mean = Mean(values);
  double sum = 0;
  for (double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(values.size()));
}

}  // namespace

double Plcc(const std::vector<double>& a, const std::vector<double>& b) {
  const double mean_a = Mean(a);
  const double mean_b = Mean(b);
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

double Srocc(const std::vector<double>& a, const std::vector<double>& b) {
  return Plcc(Ranks(a), Ranks(b));
}

double Krocc(const std::vector<double>& a, const std::vector<double>& b) {
  // Knight's algorithm: sort by a (then b), count the swaps that sort b.
  std::vector<size_t> order = Order(b);
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t i, size_t j) { return a[i] < a[j]; });
  const size_t count = a.size();
  const auto same_a = [&](size_t i, size_t j) {
    return a[order[i]] == a[order[j]];
  };
  const int64_t ties_a = TiedPairs(count, same_a);
  const int64_t ties_both = TiedPairs(count, [&](size_t i, size_t j) {
    return same_a(i, j) && b[order[i]] == b[order[j]];
  });
  std::vector<double> sorted(count);
  for (size_t i = 0; i < count; ++i) sorted[i] = b[order[i]];
  const int64_t discordant = SortCounting(&sorted);
  const int64_t ties_b = TiedPairs(
      count, [&](size_t i, size_t j) { return sorted[i] == sorted[j]; });
  const auto n = static_cast<int64_t>(count);
  const int64_t pairs = n * (n - 1) / 2;
  const int64_t balance = pairs - ties_a - ties_b + ties_both - 2 * discordant;
  const double scale = std::sqrt(static_cast<double>(pairs - ties_a) *
                                 static_cast<double>(pairs - ties_b));
  return scale > 0 ? static_cast<double>(balance) / scale : 0;
}

double Rmse(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

double Logistic::operator()(double x) const {
  const double width = std::max(std::abs(beta[3]), 1e-12);
  return beta[1] + (beta[0] - beta[1]) / (1 + std::exp(-(x - beta[2]) / width));
}

Logistic FitLogistic(const std::vector<double>& predictions,
                     const std::vector<double>& ratings) {
  Logistic best;
  best.beta = {*std::max_element(ratings.begin(), ratings.end()),
               *std::min_element(ratings.begin(), ratings.end()),
               Mean(predictions), std::max(Deviation(predictions), 1e-6)};
  if (Plcc(predictions, ratings) < 0) std::swap(best.beta[0], best.beta[1]);
  double error = SquaredError(best, predictions, ratings);
  double damping = 1e-3;
  for (int step = 0; step < 500 && damping < 1e12; ++step) {
    Logistic next;
    const bool solved = Step(predictions, ratings, damping, best, &next);
    const double next_error =
        solved ? SquaredError(next, predictions, ratings) : error;
    if (solved && next_error < error) {
      const bool settled = error - next_error < 1e-12 * error;
      best = next;
      error = next_error;
      damping *= 0.3;
      if (settled) break;
    } else {
      damping *= 4;
    }
  }
  return best;
}

Agreement NoAgreement() {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  return {nan, nan, nan, nan, nan, nan};
}

Agreement Measure(const std::vector<double>& predictions,
                  const std::vector<double>& ratings) {
  if (predictions.size() != ratings.size() || predictions.size() < 2) {
    throw Error(ErrorCode::kUsage,
                "agreement of " + std::to_string(predictions.size()) +
                    " predictions with " + std::to_string(ratings.size()) +
                    " ratings: two or more of each are needed");
  }
  Agreement agreement;
  agreement.srocc = Srocc(predictions, ratings);
  agreement.krocc = Krocc(predictions, ratings);
  agreement.plcc = Plcc(predictions, ratings);
  agreement.rmse = Rmse(predictions, ratings);
  const Logistic map = FitLogistic(predictions, ratings);
  std::vector<double> fitted(predictions.size());
  std::transform(predictions.begin(), predictions.end(), fitted.begin(), map);
  agreement.plcc_fitted = Plcc(fitted, ratings);
  agreement.rmse_fitted = Rmse(fitted, ratings);
  return agreement;
}

}  // namespace graphiqa
