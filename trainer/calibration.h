// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Whether a predicted uncertainty, read as the standard deviation of a
/// Gaussian about the prediction, says how wrong the prediction is.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "error.h"

namespace graphiqa {

/// Pictures of similar predicted uncertainty.
struct CalibrationBin {
  size_t pictures = 0;
  double predicted = 0;  ///< root mean square of the uncertainties
  double observed = 0;   ///< root mean square of the errors
};

struct Calibration {
  /// From the surest pictures to the least sure, of nearly equal size.
  std::vector<CalibrationBin> bins;

  /// (expected, observed): the part of the pictures whose error lies within
  /// the central interval that should hold `expected` of them, for 0.05, 0.1,
  /// … 0.95. Kuleshov, Fenner, Ermon 2018, "Accurate Uncertainties for Deep
  /// Learning Using Calibrated Regression".
  std::vector<std::pair<double, double>> coverage;

  /// Expected normalised calibration error, the mean over the bins of
  /// |observed - predicted| / predicted. Levi, Gispan, Giladi, Fetaya,
  /// "Evaluating and Calibrating Uncertainty Prediction in Regression Tasks",
  /// arXiv 1905.11659. Bins with predicted = 0 are left out.
  double normalised_error = 0;

  /// Mean of |observed - expected| over the coverage.
  double coverage_error = 0;

  /// Spearman's rank correlation of uncertainty and absolute error.
  double rank_correlation = 0;

  /// Root mean square of the errors over that of the uncertainties: what
  /// multiplied by makes them right on the whole.
  double scale = 1;
};

/// @param predictions,ratings,uncertainties  one value per picture, in the same
///   units; uncertainties >= 0
/// @param bins  at least 1; at most one per picture is made
/// @throws Error(kUsage) for different lengths or fewer than two pictures,
///   Error(kNumeric) for an uncertainty below 0 or not finite, or all 0
Calibration MeasureCalibration(const std::vector<double>& predictions,
                               const std::vector<double>& ratings,
                               const std::vector<double>& uncertainties,
                               size_t bins = 10);

/// Bins, coverage and the four numbers as text.
std::string CalibrationTable(const Calibration& calibration);

/// Both curves as SVG: error over uncertainty, observed over expected coverage.
std::string CalibrationPlot(const Calibration& calibration);

}  // namespace graphiqa
