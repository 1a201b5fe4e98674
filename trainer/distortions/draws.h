// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "random.h"

namespace graphiqa {

/// Where a distortion takes its random numbers from; tests give listed ones.
class Draws {
 public:
  virtual ~Draws() = default;

  /// Uniform in [0, 1).
  virtual double Unit() = 0;

  /// Fills a continuous CV_32F plane with uniform numbers in [0, 1).
  virtual void FillUnit(cv::Mat* plane) = 0;

  /// Fills a continuous CV_32F plane with numbers of mean 0 and variance 1,
  /// normally distributed.
  virtual void FillNormal(cv::Mat* plane) = 0;
};

/// Numbers that follow from a seed, equal on every machine.
class RandomDraws : public Draws {
 public:
  explicit RandomDraws(Random random) : random_(random) {}

  double Unit() override { return random_.Unit(); }
  void FillUnit(cv::Mat* plane) override;
  void FillNormal(cv::Mat* plane) override;

 private:
  float Normal(uint32_t word);
  float Reject(size_t strip, float sign, double x);
  float Tail(float sign);
  double OpenUnit();

  Random random_;
};

}  // namespace graphiqa
