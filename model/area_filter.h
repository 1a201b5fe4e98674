// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "axis_taps.h"

namespace graphiqa {

/// A part of a plane of samples: rows of values, of which each sample has one
/// or several.
struct PlaneRows {
  const uint8_t* data;  ///< value 0 of row 0
  ptrdiff_t stride;     ///< bytes
  int value_bytes;      ///< 1 or 2, native order
  int begin;            ///< values [begin, end) of each row are read
  int end;
};

/// A filter down and one across, for a few rows of outputs at a time; sums are
/// float. Not thread-safe.
class AreaFilter {
 public:
  /// @param plain  without AVX-512 even where there is some, for tests
  explicit AreaFilter(bool plain = false);

  /// Rows that are worked on side by side.
  static constexpr int kRows = 16;

  /// Filters down.
  /// @param first  the first of kRows outputs; the last one counts again where
  ///   there are fewer
  void Down(const PlaneRows& plane, const AxisTaps& down, int first);

  /// Filters what Down() left across.
  /// @param step    values from one sample to the next
  /// @param offset  of sample 0, values
  /// @param to      [across.outputs()][kRows]
  void Across(int step, int offset, const AxisTaps& across, float* to) const;

 private:
  bool plain_;
  int begin_ = 0;
  std::vector<float> rows_;     ///< [kRows][values]
  std::vector<float> columns_;  ///< [values][kRows]
};

}  // namespace graphiqa
