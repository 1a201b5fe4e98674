// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "axis_taps.h"

#include <algorithm>
#include <array>

#include "filter_table.h"

namespace graphiqa {
namespace {

/// The nearest and farthest sample that an output sees.
struct Reach {
  int first;
  int last;
};

/// As many taps for every output as the widest needs; all weights zero.
/// @param reaches  per output, inside [0, length)
AxisTaps EmptyTaps(const std::vector<Reach>& reaches, int length) {
  AxisTaps axis;
  axis.length = length;
  for (const Reach& reach : reaches) {
    axis.taps = std::max(axis.taps, reach.last - reach.first + 1);
  }
  for (const Reach& reach : reaches) {
    axis.first.push_back(std::min(reach.first, length - axis.taps));
  }
  axis.weights.resize(reaches.size() * static_cast<size_t>(axis.taps));
  const auto [least, most] =
      std::minmax_element(axis.first.begin(), axis.first.end());
  axis.begin = *least;
  axis.end = *most + axis.taps;
  return axis;
}

float& WeightOf(AxisTaps* axis, size_t output, int sample) {
  return axis->weights[output * static_cast<size_t>(axis->taps) +
                       static_cast<size_t>(sample - axis->first[output])];
}

/// What a luma sample is interpolated from.
struct Interpolation {
  std::array<int, 2> samples;  ///< in order
  std::array<float, 2> weights;
};

Interpolation InterpolationAt(int x, bool cosited, int length) {
  const bool odd = x % 2 != 0;
  Interpolation from;
  if (cosited) {
    from = {{x / 2, x / 2 + (odd ? 1 : 0)}, {odd ? 0.5f : 1, odd ? 0.5f : 0}};
  } else if (odd) {
    from = {{x / 2, x / 2 + 1}, {0.75f, 0.25f}};
  } else {
    from = {{x / 2 - 1, x / 2}, {0.25f, 0.75f}};
  }
  for (int& sample : from.samples) sample = std::clamp(sample, 0, length - 1);
  return from;
}

}  // namespace

AxisTaps AreaTaps(int begin, int area, int length, int size) {
  std::vector<Reach> reaches(static_cast<size_t>(size));
  if (area == size) {
    for (int i = 0; i < size; ++i) {
      reaches[static_cast<size_t>(i)] = {begin + i, begin + i};
    }
    AxisTaps axis = EmptyTaps(reaches, length);
    std::fill(axis.weights.begin(), axis.weights.end(), 1.0f);
    return axis;
  }
  const FilterTable table = MakeFilterTable(area, size);
  for (size_t i = 0; i < reaches.size(); ++i) {
    const FilterSpan& span = table.spans[i];
    reaches[i] = {begin + span.start, begin + span.start + span.count - 1};
  }
  AxisTaps axis = EmptyTaps(reaches, length);
  for (size_t i = 0; i < reaches.size(); ++i) {
    std::copy_n(table.weights.data() + i * static_cast<size_t>(table.taps),
                table.spans[i].count, &WeightOf(&axis, i, reaches[i].first));
  }
  return axis;
}

AxisTaps ChromaTaps(const AxisTaps& luma, bool cosited, int length) {
  const auto from = [&](int x) { return InterpolationAt(x, cosited, length); };
  std::vector<Reach> reaches;
  for (const int first : luma.first) {
    reaches.push_back(
        {from(first).samples[0], from(first + luma.taps - 1).samples[1]});
  }
  AxisTaps axis = EmptyTaps(reaches, length);
  for (size_t i = 0; i < reaches.size(); ++i) {
    for (int j = 0; j < luma.taps; ++j) {
      const float weight = luma.weights[i * static_cast<size_t>(luma.taps) +
                                        static_cast<size_t>(j)];
      const Interpolation one = from(luma.first[i] + j);
      for (size_t end = 0; end < 2; ++end) {
        WeightOf(&axis, i, one.samples[end]) += weight * one.weights[end];
      }
    }
  }
  return axis;
}

}  // namespace graphiqa
