// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace graphiqa {

/// A filter along one axis: every output is a weighted sum of `taps` samples
/// that follow one another.
struct AxisTaps {
  int taps = 0;                ///< per output
  int length = 0;              ///< samples of the axis, >= taps
  std::vector<int> first;      ///< per output, in [0, length - taps]
  std::vector<float> weights;  ///< `taps` per output, sum 1

  int begin = 0;  ///< the samples that outputs see: [begin, end)
  int end = 0;

  int outputs() const { return static_cast<int>(first.size()); }
};

/// `size` outputs from an area of a picture.
/// @param begin, area  where it lies on the axis of `length` samples; of
/// another
///   size than `size` it is scaled, antialiased as in filter_table.h
AxisTaps AreaTaps(int begin, int area, int length, int size);

/// The same outputs from the samples of a component of half as many, which are
/// interpolated linearly to where luma samples lie, as GStreamer does it:
/// filtering after interpolating, in one step.
/// @param luma     from AreaTaps()
/// @param cosited  whether chroma samples lie on luma samples, else between two
/// @param length   samples of the component along the axis
AxisTaps ChromaTaps(const AxisTaps& luma, bool cosited, int length);

}  // namespace graphiqa
