// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "filter_table.h"

#include <algorithm>
#include <cmath>

namespace graphiqa {
namespace {

float Triangle(float x) {
  x = std::abs(x);
  return x < 1 ? 1 - x : 0;
}

/// Weights of one output; they are divided by their sum.
void FillWeights(float center, float inverse_scale, const FilterSpan& span,
                 float* weights) {
  float total = 0;
  for (int j = 0; j < span.count; ++j) {
    const double position = static_cast<float>(j + span.start) - center + 0.5;
    weights[j] = Triangle(static_cast<float>(position * inverse_scale));
    total += weights[j];
  }
  if (total == 0) return;
  for (int j = 0; j < span.count; ++j) weights[j] /= total;
}

}  // namespace

// Float and double are mixed as in LibTorch: rounding decides which pixels an
// output sees.
FilterTable MakeFilterTable(int input, int output) {
  const float scale = static_cast<float>(input) / static_cast<float>(output);
  const float support = std::max(scale, 1.0f);
  const float inverse_scale = scale >= 1 ? 1 / scale : 1.0f;
  FilterTable table;
  table.taps = static_cast<int>(std::ceil(support)) * 2 + 1;
  table.spans.resize(static_cast<size_t>(output));
  table.weights.resize(static_cast<size_t>(output) *
                       static_cast<size_t>(table.taps));
  for (int i = 0; i < output; ++i) {
    const auto center = static_cast<float>(scale * (i + 0.5));
    FilterSpan& span = table.spans[static_cast<size_t>(i)];
    span.start = std::max(static_cast<int>(center - support + 0.5), 0);
    const int end = std::min(static_cast<int>(center + support + 0.5), input);
    span.count = std::clamp(end - span.start, 0, table.taps);
    FillWeights(center, inverse_scale, span,
                table.weights.data() +
                    static_cast<size_t>(i) * static_cast<size_t>(table.taps));
  }
  return table;
}

}  // namespace graphiqa
