// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "backoff.h"

#include <algorithm>
#include <memory>
#include <random>

namespace graphiqa {

Random SystemRandom() {
  const auto generator = std::make_shared<std::mt19937>(std::random_device()());
  return [generator] {
    return std::uniform_real_distribution<double>(0, 1)(*generator);
  };
}

Backoff::Backoff(double first, double longest, Random random)
    : first_(first),
      longest_(std::max(first, longest)),
      random_(std::move(random)),
      base_(first) {}

double Backoff::Next() {
  const double wait = base_ * (0.5 + 0.5 * random_());
  base_ = std::min(base_ * 2, longest_);
  return wait;
}

void Backoff::Reset() { base_ = first_; }

}  // namespace graphiqa
