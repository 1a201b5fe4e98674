// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace graphiqa {

/// Keeps those with the lowest scores of any number of entries.
/// @tparam Entry  has `double score` and `size_t index`
template <typename Entry>
class LowestKept {
 public:
  explicit LowestKept(size_t most) : most_(most) {}

  void Add(Entry entry) {
    ++seen_;
    entries_.push_back(std::move(entry));
    if (entries_.size() <= most_) return;
    entries_.erase(Highest(entries_.begin(), entries_.end()));
  }

  /// How many were added, kept or not.
  uint64_t seen() const { return seen_; }
  std::vector<Entry>& entries() { return entries_; }

  std::vector<const Entry*> ByIndex() const {
    return Sorted(
        [](const Entry* a, const Entry* b) { return a->index < b->index; });
  }
  std::vector<const Entry*> ByScore() const {
    return Sorted([](const Entry* a, const Entry* b) {
      return std::make_pair(a->score, a->index) <
             std::make_pair(b->score, b->index);
    });
  }

 private:
  template <typename Iterator>
  static Iterator Highest(Iterator begin, Iterator end) {
    return std::max_element(begin, end, [](const Entry& a, const Entry& b) {
      return a.score < b.score;
    });
  }

  template <typename Less>
  std::vector<const Entry*> Sorted(const Less& less) const {
    std::vector<const Entry*> sorted;
    for (const Entry& entry : entries_) sorted.push_back(&entry);
    std::sort(sorted.begin(), sorted.end(), less);
    return sorted;
  }

  const size_t most_;
  uint64_t seen_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace graphiqa
