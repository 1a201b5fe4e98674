// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>

namespace graphiqa {

/// Bounds that a result is clamped to.
struct Clamp {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();

  bool none() const { return *this == Clamp(); }
  bool relu() const {
    return *this == Clamp{0, std::numeric_limits<double>::infinity()};
  }
  bool operator==(const Clamp& other) const {
    return low == other.low && high == other.high;
  }
};

inline constexpr Clamp kRelu{0};
inline constexpr Clamp kRelu6{0, 6};

/// Pixels of zeros around a map.
struct Border {
  int64_t left = 0, right = 0, top = 0, bottom = 0;

  bool empty() const {
    return left == 0 && right == 0 && top == 0 && bottom == 0;
  }
  bool symmetric() const { return left == right && top == bottom; }
};

/// A border, a convolution with bias, and a clamp.
struct ConvSpec {
  int64_t stride = 1;  ///< both ways
  int64_t groups = 1;
  Border border;
  Clamp clamp;
};

}  // namespace graphiqa
