// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

namespace graphiqa {

/// Largest difference relative to the largest value.
inline double RelativeError(const at::Tensor& actual,
                            const at::Tensor& expected) {
  return (actual - expected).abs().max().item<double>() /
         expected.abs().max().item<double>();
}

}  // namespace graphiqa
