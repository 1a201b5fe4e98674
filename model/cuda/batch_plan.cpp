// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "batch_plan.h"

#include <algorithm>
#include <iterator>

namespace graphiqa::cuda {
namespace {

/// Up to here a batch takes about as long as a smaller one.
constexpr int64_t kSmallBatch = 8;

}  // namespace

BatchPlan::BatchPlan(int most) {
  const int last = std::min(most > 0 ? most : kAutoBatch, kMostBatch);
  for (int64_t size = 1; size < last; size *= 2) sizes_.push_back(size);
  sizes_.push_back(last);
}

int64_t BatchPlan::SizeFor(int64_t views) const {
  const auto fit = std::lower_bound(sizes_.begin(), sizes_.end(), views);
  return fit == sizes_.end() ? most() : *fit;
}

int64_t BatchPlan::Take(int64_t waiting) const {
  if (waiting >= most()) return most();
  const int64_t size = SizeFor(waiting);
  if (size <= kSmallBatch || 4 * waiting >= 3 * size) return waiting;
  return *std::prev(std::lower_bound(sizes_.begin(), sizes_.end(), size));
}

bool BatchPlan::Halve(int64_t size) {
  const int64_t half = std::min(size, most()) / 2;
  if (half < 1) return false;
  while (sizes_.back() > half) sizes_.pop_back();
  if (sizes_.back() < half) sizes_.push_back(half);
  return true;
}

}  // namespace graphiqa::cuda
