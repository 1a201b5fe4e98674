// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "families.h"
#include "simplex.h"

namespace graphiqa {
namespace {

constexpr int kBins = 256;

/// Otsu's variance between classes, with its sign changed, of thresholds on a
/// histogram.
class ClassVariance {
 public:
  /// @param histogram  counts, not all zero
  explicit ClassVariance(const std::array<double, kBins>& histogram) {
    double total = 0;
    for (double count : histogram) total += count;
    double weight = 0;
    double moment = 0;
    for (size_t i = 0; i < kBins; ++i) {
      weight += histogram[i] / total;
      moment += histogram[i] / total * static_cast<double>(i + 1);
      weight_[i] = weight;
      moment_[i] = moment;
    }
  }

  /// @param thresholds  bins as real numbers, to be rounded
  /// @returns infinity unless they rise within 1..254 and no class is empty
  double operator()(const std::vector<double>& thresholds) const {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    double weight = 0;
    double moment = 0;
    double variance = 0;
    int last = 0;
    for (size_t k = 0; k <= thresholds.size(); ++k) {
      const bool inner = k < thresholds.size();
      const int bin =
          inner ? static_cast<int>(std::round(thresholds[k])) : kBins - 1;
      if (inner && (bin <= last || bin > kBins - 2)) return kInfinity;
      last = bin;
      const auto i = static_cast<size_t>(bin);
      const double share = weight_[i] - weight;
      if (!(share > 0)) return kInfinity;
      const double difference = (moment_[i] - moment) / share - moment_.back();
      variance += share * difference * difference;
      weight = weight_[i];
      moment = moment_[i];
    }
    return -variance;
  }

 private:
  std::array<double, kBins> weight_;
  std::array<double, kBins> moment_;
};

/// Counts of bytes over all three planes.
std::array<double, kBins> CountBytes(const cv::Mat& rgb) {
  std::array<int, kBins> counts{};
  for (int y = 0; y < rgb.rows; ++y) {
    const uint8_t* const row = rgb.ptr<uint8_t>(y);
    for (int i = 0; i < 3 * rgb.cols; ++i) ++counts[row[i]];
  }
  std::array<double, kBins> histogram;
  std::copy(counts.begin(), counts.end(), histogram.begin());
  return histogram;
}

/// As MATLAB's multithresh: evenly spaced thresholds, improved by a simplex
/// search that ends early, so not Otsu's optimum. A search from which no step
/// leads to a finite value leaves them evenly spaced.
std::vector<double> FindThresholds(const std::array<double, kBins>& histogram,
                                   int count) {
  // In this order: the last bit can steer the search elsewhere.
  const double step = (kBins - 1.0) / (count + 1);
  std::vector<double> start;
  for (int k = 1; k <= count; ++k) start.push_back(k * step);
  SimplexOptions options;
  options.value_tolerance = 1e-4;
  options.vertex_tolerance = 1;
  options.max_evaluations = 200 * count;
  std::vector<double> best =
      MinimizeBySimplex(ClassVariance(histogram), start, options);
  for (double& threshold : best) threshold = std::round(threshold);
  return best;
}

}  // namespace

Planes Quantization(const Source& source, double thresholds, Draws* /*draws*/) {
  const std::array<double, kBins> bytes = CountBytes(source.rgb);
  double low = 1;
  double high = 0;
  for (size_t v = 0; v < kBins; ++v) {
    if (bytes[v] == 0) continue;
    low = std::min(low, source.values[v]);
    high = std::max(high, source.values[v]);
  }
  if (!(low < high)) return ToPlanes(source);

  std::array<double, kBins> histogram{};
  for (size_t v = 0; v < kBins; ++v) {
    if (bytes[v] == 0) continue;
    const double bin = (source.values[v] - low) / (high - low) * (kBins - 1);
    histogram[static_cast<size_t>(std::round(bin))] += bytes[v];
  }
  std::vector<double> steps =
      FindThresholds(histogram, static_cast<int>(thresholds));
  for (double& step : steps) step = low + step / (kBins - 1) * (high - low);
  return MapValues(source, [&steps](double x) {
    // The first threshold that is not below x; the least class becomes 0.
    const auto step = std::lower_bound(steps.begin(), steps.end(), x);
    if (step == steps.begin()) return 0.0;
    return step == steps.end() ? 1.0 : *step;
  });
}

}  // namespace graphiqa
