// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "calibration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "random.h"
#include "scratch_folder.h"

namespace graphiqa {
namespace {

/// Ratings that stray from the predictions as `spread` times a Gaussian of the
/// given uncertainties does.
struct Made {
  std::vector<double> predictions;
  std::vector<double> ratings;
  std::vector<double> uncertainties;

  explicit Made(double spread, size_t count = 20000) {
    Random random{7};
    const double pi = std::acos(-1.0);
    for (size_t i = 0; i < count; ++i) {
      // Box and Muller's way to a Gaussian.
      const double gauss = std::sqrt(-2 * std::log(1 - random.Unit())) *
                           std::cos(2 * pi * random.Unit());
      uncertainties.push_back(2 + 8 * random.Unit());
      predictions.push_back(100 * random.Unit());
      ratings.push_back(predictions.back() +
                        spread * uncertainties.back() * gauss);
    }
  }

  Calibration Measure() const {
    return MeasureCalibration(predictions, ratings, uncertainties);
  }
};

TEST(CalibrationTest, RightUncertaintiesLieOnTheDiagonal) {
  const Calibration calibration = Made(1).Measure();
  ASSERT_EQ(calibration.bins.size(), 10u);
  for (const CalibrationBin& bin : calibration.bins) {
    EXPECT_EQ(bin.pictures, 2000u);
    EXPECT_NEAR(bin.observed / bin.predicted, 1, 0.06);  // 4 / sqrt(2 * 2000)
  }
  ASSERT_EQ(calibration.coverage.size(), 19u);
  for (const auto& [expected, observed] : calibration.coverage) {
    EXPECT_NEAR(observed, expected, 0.015);  // 4 sqrt(0.25 / 20000)
  }
  EXPECT_LT(calibration.normalised_error, 0.03);
  EXPECT_LT(calibration.coverage_error, 0.01);
  EXPECT_NEAR(calibration.scale, 1, 0.02);
  EXPECT_GT(calibration.rank_correlation, 0.3);
}

TEST(CalibrationTest, TooSmallUncertaintiesAreToldByTheScale) {
  const Calibration calibration = Made(2).Measure();
  EXPECT_NEAR(calibration.scale, 2, 0.04);
  EXPECT_NEAR(calibration.normalised_error, 1, 0.05);
  // P(|2g| < z) for the z that holds half of |g|: 0.264.
  EXPECT_NEAR(calibration.coverage[9].first, 0.5, 1e-12);
  EXPECT_NEAR(calibration.coverage[9].second, 0.264, 0.015);
}

TEST(CalibrationTest, SmallAndOddInputs) {
  // Worked by hand: errors 1, 2, 0 and uncertainties 1, 1, 2.
  const Calibration calibration =
      MeasureCalibration({0, 0, 0}, {1, -2, 0}, {1, 1, 2}, 2);
  ASSERT_EQ(calibration.bins.size(), 2u);
  EXPECT_EQ(calibration.bins[0].pictures, 1u);
  EXPECT_EQ(calibration.bins[0].observed, 1);
  EXPECT_DOUBLE_EQ(calibration.bins[1].observed, std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(calibration.bins[1].predicted, std::sqrt(2.5));
  EXPECT_DOUBLE_EQ(calibration.scale, std::sqrt(5 / 6.0));
  EXPECT_NEAR(calibration.coverage[12].second, 1 / 3.0, 1e-12);  // below 68 %
  EXPECT_NEAR(calibration.coverage[13].second, 2 / 3.0, 1e-12);
  const Calibration zero = MeasureCalibration({0, 0}, {0, 1}, {0, 1});
  EXPECT_EQ(zero.coverage[0].second, 0.5);
  EXPECT_TRUE(std::isfinite(zero.normalised_error));
  EXPECT_EQ(MessageOf([] {
              MeasureCalibration({1, 2}, {1, 2}, {0, 0});
            }),
            "calibration: every uncertainty is 0");
  EXPECT_EQ(MessageOf([] {
              MeasureCalibration({1, 2}, {1, 2}, {1, -1});
            }),
            "uncertainty 2 is -1.000000");
  EXPECT_EQ(MessageOf([] {
              MeasureCalibration({1, 2}, {1, 2}, {1});
            }),
            "calibration of 2 predictions with 2 ratings and 1 uncertainties: "
            "two or more of each are needed");
}

TEST(CalibrationTest, TableHasBinsCoverageAndNumbers) {
  const std::string table =
      CalibrationTable(MeasureCalibration({0, 0, 0}, {1, -2, 0}, {1, 1, 2}, 2));
  EXPECT_EQ(table,
            "pictures  uncertainty (rms)  error (rms)\n"
            "       1              1.000        1.000\n"
            "       2              1.581        1.414\n"
            "expected coverage   0.10  0.30  0.50  0.70  0.90\n"
            "observed coverage   0.33  0.33  0.33  0.67  0.67\n"
            "normalised error 0.053, coverage error 0.161, rank correlation "
            "-0.866, scale 0.913\n");
}

}  // namespace
}  // namespace graphiqa
