// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// How well predictions agree with ratings, as IQA papers report it.
#pragma once

#include <array>
#include <vector>

#include "error.h"

namespace graphiqa {

/// Pearson's linear correlation. @returns 0 when one side is constant
double Plcc(const std::vector<double>& a, const std::vector<double>& b);

/// Spearman's rank correlation; ties share their mean rank.
double Srocc(const std::vector<double>& a, const std::vector<double>& b);

/// Kendall's tau-b in O(n log n). @returns 0 when one side is constant
double Krocc(const std::vector<double>& a, const std::vector<double>& b);

/// Root of the mean squared difference.
double Rmse(const std::vector<double>& a, const std::vector<double>& b);

/// The monotone map that VQEG fits before linear measures (ITU-T Tutorial
/// "Objective perceptual assessment of video quality", 2004; four parameters):
/// f(x) = b1 + (b0 - b1) / (1 + exp(-(x - b2) / |b3|)).
struct Logistic {
  std::array<double, 4> beta{};
  double operator()(double x) const;
};

/// Least-squares fit by Levenberg-Marquardt from the usual start (extremes of
/// the ratings, mean and deviation of the predictions), at most 500 steps.
Logistic FitLogistic(const std::vector<double>& predictions,
                     const std::vector<double>& ratings);

/// All of them at once.
struct Agreement {
  double srocc = 0;
  double krocc = 0;
  double plcc = 0;         ///< of the predictions as they are
  double rmse = 0;         ///< of the predictions as they are
  double plcc_fitted = 0;  ///< after FitLogistic()
  double rmse_fitted = 0;
};

/// All NaN: nothing was measured.
Agreement NoAgreement();

/// @throws Error(kUsage) unless both have the same length >= 2
Agreement Measure(const std::vector<double>& predictions,
                  const std::vector<double>& ratings);

}  // namespace graphiqa
