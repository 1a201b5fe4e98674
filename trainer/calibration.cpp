// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "calibration.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "meters.h"
#include "plot.h"

namespace graphiqa {
namespace {

constexpr int kCoverageSteps = 20;

void Check(const std::vector<double>& predictions,
           const std::vector<double>& ratings,
           const std::vector<double>& uncertainties) {
  if (predictions.size() != ratings.size() ||
      predictions.size() != uncertainties.size() || predictions.size() < 2) {
    throw Error(ErrorCode::kUsage,
                "calibration of " + std::to_string(predictions.size()) +
                    " predictions with " + std::to_string(ratings.size()) +
                    " ratings and " + std::to_string(uncertainties.size()) +
                    " uncertainties: two or more of each are needed");
  }
  for (size_t i = 0; i < uncertainties.size(); ++i) {
    if (std::isfinite(uncertainties[i]) && uncertainties[i] >= 0) continue;
    throw Error(ErrorCode::kNumeric, "uncertainty " + std::to_string(i + 1) +
                                         " is " +
                                         std::to_string(uncertainties[i]));
  }
}

/// Root mean square of values[order[begin..end)].
double Rms(const std::vector<double>& values, const std::vector<size_t>& order,
           size_t begin, size_t end) {
  double sum = 0;
  for (size_t i = begin; i < end; ++i)
    sum += values[order[i]] * values[order[i]];
  return std::sqrt(sum / static_cast<double>(end - begin));
}

std::vector<CalibrationBin> MakeBins(const std::vector<double>& errors,
                                     const std::vector<double>& uncertainties,
                                     const std::vector<size_t>& order,
                                     size_t count) {
  count = std::max<size_t>(1, std::min(count, order.size()));
  std::vector<CalibrationBin> bins;
  for (size_t i = 0; i < count; ++i) {
    const size_t begin = i * order.size() / count;
    const size_t end = (i + 1) * order.size() / count;
    bins.push_back({end - begin, Rms(uncertainties, order, begin, end),
                    Rms(errors, order, begin, end)});
  }
  return bins;
}

/// The probability that a Gaussian strays less than this error.
double Level(double error, double uncertainty) {
  if (uncertainty > 0) return std::erf(error / (uncertainty * std::sqrt(2.0)));
  return error > 0 ? 1 : 0;
}

std::vector<std::pair<double, double>> MakeCoverage(
    const std::vector<double>& errors,
    const std::vector<double>& uncertainties) {
  std::vector<double> levels;
  for (size_t i = 0; i < errors.size(); ++i) {
    levels.push_back(Level(errors[i], uncertainties[i]));
  }
  std::sort(levels.begin(), levels.end());
  std::vector<std::pair<double, double>> coverage;
  for (int step = 1; step < kCoverageSteps; ++step) {
    const double expected = step / static_cast<double>(kCoverageSteps);
    const auto within =
        std::upper_bound(levels.begin(), levels.end(), expected) -
        levels.begin();
    coverage.emplace_back(expected, static_cast<double>(within) /
                                        static_cast<double>(levels.size()));
  }
  return coverage;
}

double NormalisedError(const std::vector<CalibrationBin>& bins) {
  double sum = 0;
  int count = 0;
  for (const CalibrationBin& bin : bins) {
    if (bin.predicted <= 0) continue;
    sum += std::abs(bin.observed - bin.predicted) / bin.predicted;
    ++count;
  }
  return sum / count;
}

}  // namespace

Calibration MeasureCalibration(const std::vector<double>& predictions,
                               const std::vector<double>& ratings,
                               const std::vector<double>& uncertainties,
                               size_t bins) {
  Check(predictions, ratings, uncertainties);
  std::vector<double> errors;
  for (size_t i = 0; i < ratings.size(); ++i) {
    errors.push_back(std::abs(ratings[i] - predictions[i]));
  }
  std::vector<size_t> order(errors.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t i, size_t j) {
    return uncertainties[i] < uncertainties[j];
  });
  const double all_predicted = Rms(uncertainties, order, 0, order.size());
  if (all_predicted <= 0) {
    throw Error(ErrorCode::kNumeric, "calibration: every uncertainty is 0");
  }
  Calibration calibration;
  calibration.bins = MakeBins(errors, uncertainties, order, bins);
  calibration.coverage = MakeCoverage(errors, uncertainties);
  calibration.normalised_error = NormalisedError(calibration.bins);
  for (const auto& [expected, observed] : calibration.coverage) {
    calibration.coverage_error +=
        std::abs(observed - expected) /
        static_cast<double>(calibration.coverage.size());
  }
  calibration.rank_correlation = Srocc(uncertainties, errors);
  calibration.scale = Rms(errors, order, 0, order.size()) / all_predicted;
  return calibration;
}

std::string CalibrationTable(const Calibration& calibration) {
  char line[128];
  std::string table = "pictures  uncertainty (rms)  error (rms)\n";
  for (const CalibrationBin& bin : calibration.bins) {
    std::snprintf(line, sizeof line, "%8zu %18.3f %12.3f\n", bin.pictures,
                  bin.predicted, bin.observed);
    table += line;
  }
  table += "expected coverage ";
  for (size_t i = 1; i < calibration.coverage.size(); i += 4) {
    std::snprintf(line, sizeof line, " %5.2f", calibration.coverage[i].first);
    table += line;
  }
  table += "\nobserved coverage ";
  for (size_t i = 1; i < calibration.coverage.size(); i += 4) {
    std::snprintf(line, sizeof line, " %5.2f", calibration.coverage[i].second);
    table += line;
  }
  std::snprintf(line, sizeof line,
                "\nnormalised error %.3f, coverage error %.3f, rank "
                "correlation %.3f, scale %.3f\n",
                calibration.normalised_error, calibration.coverage_error,
                calibration.rank_correlation, calibration.scale);
  return table + line;
}

std::string CalibrationPlot(const Calibration& calibration) {
  Series bins{"bins", {}};
  for (const CalibrationBin& bin : calibration.bins) {
    bins.points.emplace_back(bin.predicted, bin.observed);
  }
  Series coverage{"coverage", {{0, 0}}};
  for (const auto& point : calibration.coverage) {
    coverage.points.push_back(point);
  }
  coverage.points.emplace_back(1, 1);
  PlotPanel reliability{"Error by uncertainty",
                        "predicted uncertainty",
                        "observed error, rms",
                        {bins}};
  reliability.diagonal = true;
  PlotPanel intervals{"Pictures inside the predicted interval",
                      "expected part",
                      "observed part",
                      {coverage}};
  intervals.diagonal = true;
  return PlotPanels({reliability, intervals});
}

}  // namespace graphiqa
