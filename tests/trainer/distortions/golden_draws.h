// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "distortions/draws.h"

namespace graphiqa {

/// Uniform numbers from a list. Asking for more than there are throws.
class ListedDraws : public Draws {
 public:
  explicit ListedDraws(std::vector<double> numbers)
      : numbers_(std::move(numbers)) {}

  double Unit() override { return numbers_.at(next_++); }
  void FillUnit(cv::Mat* plane) override;
  void FillNormal(cv::Mat* plane) override;

  size_t left() const { return numbers_.size() - next_; }

 private:
  std::vector<double> numbers_;
  size_t next_ = 0;
};

/// Numbers of std::minstd_rand0, planes filled column by column: what the
/// noisy golden pictures were made with.
class MinstdDraws : public Draws {
 public:
  explicit MinstdDraws(uint32_t seed) : generator_(seed) {}

  double Unit() override;
  void FillUnit(cv::Mat* plane) override;
  void FillNormal(cv::Mat* plane) override;

 private:
  std::minstd_rand0 generator_;
};

/// What a golden picture was made with: the row of `draws.csv` where there is
/// one, else MinstdDraws.
std::unique_ptr<Draws> GoldenDraws(const std::string& folder, int type,
                                   int level);

}  // namespace graphiqa
