// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace graphiqa {

/// Smallest, largest and mean of what was added.
struct ValueRange {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  double sum = 0;
  uint64_t count = 0;

  void Add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
    sum += value;
    ++count;
  }
  void Merge(const ValueRange& other) {
    low = std::min(low, other.low);
    high = std::max(high, other.high);
    sum += other.sum;
    count += other.count;
  }
  /// @pre count > 0
  double mean() const { return sum / static_cast<double>(count); }
};

/// Keeps a series of unknown length in bounded memory: neighbours are merged
/// whenever there are too many, so that each bucket stands for the same number
/// of samples (the last one for fewer). Nothing is dropped; what is kept of a
/// sample is up to Bucket::Merge(const Bucket&).
template <typename Bucket>
class Decimator {
 public:
  /// @param most  buckets, >= 2; from the first merge on there are at least
  ///              half as many
  explicit Decimator(size_t most) : most_(most) { buckets_.reserve(most); }

  void Add(Bucket sample) {
    if (in_last_ > 0 && in_last_ < stride_) {
      buckets_.back().Merge(sample);
      ++in_last_;
      return;
    }
    if (buckets_.size() == most_) {
      Halve();
      if (in_last_ < stride_) return Add(std::move(sample));
    }
    buckets_.push_back(std::move(sample));
    in_last_ = 1;
  }

  const std::vector<Bucket>& buckets() const { return buckets_; }
  uint64_t samples_per_bucket() const { return stride_; }

 private:
  void Halve() {
    const size_t pairs = buckets_.size() / 2;
    const bool odd = buckets_.size() % 2 != 0;
    for (size_t i = 0; i < pairs; ++i) {
      if (i > 0) buckets_[i] = std::move(buckets_[2 * i]);
      buckets_[i].Merge(buckets_[2 * i + 1]);
    }
    if (odd) buckets_[pairs] = std::move(buckets_.back());
    const size_t kept = pairs + (odd ? 1 : 0);
    buckets_.erase(buckets_.begin() + static_cast<std::ptrdiff_t>(kept),
                   buckets_.end());
    in_last_ = odd ? stride_ : 2 * stride_;
    stride_ *= 2;
  }

  const size_t most_;
  std::vector<Bucket> buckets_;
  uint64_t stride_ = 1;   ///< samples of a full bucket
  uint64_t in_last_ = 0;  ///< samples of the last one
};

}  // namespace graphiqa
