// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace graphiqa::cuda {

/// Batch sizes that get a captured graph of their own: few, so that memory and
/// warm-up stay bounded. Views are scored in batches of these sizes; what is
/// missing to one is padding.
class BatchPlan {
 public:
  /// @param most  largest batch, 0 = kAutoBatch; cut to kMostBatch
  explicit BatchPlan(int most);

  int64_t most() const { return sizes_.back(); }

  /// Powers of two below most(), then most().
  const std::vector<int64_t>& sizes() const { return sizes_; }

  /// Smallest size that holds `views`; most() when none does.
  int64_t SizeFor(int64_t views) const;

  /// How many of `waiting` views to take next: so many that less than a
  /// quarter of a large batch is padding.
  int64_t Take(int64_t waiting) const;

  /// After the device ran out of memory with batches of `size`: drops that
  /// size and all above half of it.
  /// @returns false when there is nothing left to halve
  bool Halve(int64_t size);

  static constexpr int kAutoBatch = 32;
  static constexpr int kMostBatch = 256;

 private:
  std::vector<int64_t> sizes_;
};

}  // namespace graphiqa::cuda
