// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "half_linear.h"

#include <c10/util/Half.h>

namespace graphiqa {

HalfLinear MakeHalfLinear(const float* weight, const float* bias, int out,
                          int in, bool relu) {
  HalfLinear linear;
  linear.in = in;
  linear.out = out;
  linear.relu = relu;
  const auto columns = static_cast<size_t>(linear.Blocks() * kLinearColumns);
  linear.weight.assign(columns * static_cast<size_t>(in), 0);
  linear.bias.assign(columns, 0);
  for (int o = 0; o < out; ++o) {
    if (bias != nullptr) linear.bias[static_cast<size_t>(o)] = bias[o];
    uint16_t* const block =
        linear.weight.data() +
        static_cast<int64_t>(o / kLinearColumns) * in * kLinearColumns;
    for (int i = 0; i < in; ++i) {
      block[i * kLinearColumns + o % kLinearColumns] =
          c10::Half(weight[static_cast<int64_t>(o) * in + i]).x;
    }
  }
  return linear;
}

}  // namespace graphiqa
