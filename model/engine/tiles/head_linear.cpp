// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "head_linear.h"

#include <c10/util/Half.h>

#include <type_traits>

namespace graphiqa {
namespace {

template <typename Weight>
Weight WeightOf(float value) {
  if constexpr (std::is_same_v<Weight, Half16>) {
    return {c10::Half(value).x};
  } else {
    return value;
  }
}

}  // namespace

template <typename Weight>
HeadLinear<Weight> MakeHeadLinear(const float* weight, const float* bias,
                                  int out, int in, bool relu) {
  HeadLinear<Weight> linear;
  linear.in = in;
  linear.out = out;
  linear.relu = relu;
  const auto columns = static_cast<size_t>(linear.Blocks() * kLinearColumns);
  linear.weight.assign(columns * static_cast<size_t>(in), Weight{});
  linear.bias.assign(columns, 0);
  for (int o = 0; o < out; ++o) {
    if (bias != nullptr) linear.bias[static_cast<size_t>(o)] = bias[o];
    Weight* const block =
        linear.weight.data() +
        static_cast<int64_t>(o / kLinearColumns) * in * kLinearColumns;
    for (int i = 0; i < in; ++i) {
      block[i * kLinearColumns + o % kLinearColumns] =
          WeightOf<Weight>(weight[static_cast<int64_t>(o) * in + i]);
    }
  }
  return linear;
}

template HeadLinear<Half16> MakeHeadLinear(const float* weight,
                                           const float* bias, int out, int in,
                                           bool relu);
template HeadLinear<float> MakeHeadLinear(const float* weight,
                                          const float* bias, int out, int in,
                                          bool relu);

}  // namespace graphiqa
