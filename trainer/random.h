// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Random numbers that are a function of their keys alone, equal on every
/// machine and independent of the order in which threads ask for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

namespace graphiqa {

/// SplitMix64 seeded by a list of keys, e.g. {seed, epoch, index}.
class Random {
 public:
  Random(std::initializer_list<uint64_t> keys) {
    for (uint64_t key : keys) state_ = Mix(state_ ^ Mix(key));
  }

  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15u;
    return Mix(state_);
  }

  /// In [0, bound); bound >= 1. The bias of the modulo is below 2^-32 for the
  /// bounds used here.
  uint64_t Below(uint64_t bound) { return Next() % bound; }

  /// In [0, 1).
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

 private:
  static uint64_t Mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  uint64_t state_ = 0x243F6A8885A308D3u;
};

/// Fisher-Yates; std::shuffle differs between standard libraries.
template <typename T>
void Shuffle(std::vector<T>* values, Random* random) {
  for (size_t i = values->size(); i > 1; --i) {
    std::swap((*values)[i - 1], (*values)[random->Below(i)]);
  }
}

}  // namespace graphiqa
