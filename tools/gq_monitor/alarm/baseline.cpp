// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "baseline.h"

#include <algorithm>
#include <cmath>

namespace graphiqa {
namespace {

/// A score stands for no more time than this, however long none came.
constexpr double kLongestStep = 60;

/// Weight of a new value after `step` in a mean of this time constant.
double Weight(double step, double time_constant) {
  return 1 - std::exp(-step / time_constant);
}

}  // namespace

bool Baseline::known() const {
  return started_ && learnt_ >= settings_.warm_up;
}

Verdict Baseline::Observe(double now, double score) {
  if (!started_) {
    started_ = true;
    last_ = now;
    usual_ = present_ = score;
    return Verdict::kUnknown;
  }
  const double step = std::clamp(now - last_, 0.0, kLongestStep);
  last_ = now;
  present_ += Weight(step, settings_.window) * (score - present_);
  Learn(step, score);
  if (!known()) return Verdict::kUnknown;
  const double fall = usual_ - present_;
  if (fall > settings_.points) return Verdict::kBad;
  return fall < settings_.points / 2 ? Verdict::kGood : Verdict::kBetween;
}

void Baseline::Learn(double step, double score) {
  if (known() && usual_ - present_ > settings_.points / 2) {
    fallen_for_ += step;
    if (fallen_for_ < settings_.accept_after) return;
    usual_ = present_;
  }
  fallen_for_ = 0;
  learnt_ += step;
  if (learnt_ <= 0) return;
  // At first the plain mean: the start must not weigh for a whole constant.
  usual_ += std::max(step / learnt_, Weight(step, settings_.baseline)) *
            (score - usual_);
}

}  // namespace graphiqa
