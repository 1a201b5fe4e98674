// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include "conv_spec.h"

namespace graphiqa {

/// Geometry of a convolution; height first.
struct ConvGeometry {
  at::IntArrayRef stride, padding, dilation;
  int64_t groups = 1;
};

/// Convolution, bias and clamp in one pass: LibTorch's fused oneDNN operator,
/// which has no C++ function and records no gradient.
/// @param x       [N,C,H,W] on the CPU, float, or bfloat16 where
///                OneDnnSupportsBf16()
/// @param weight  [O,C/groups,k,k] of the same type, plain or reordered
/// @param bias    [O], may be undefined
at::Tensor OneDnnConv(const at::Tensor& x, const at::Tensor& weight,
                      const at::Tensor& bias, const ConvGeometry& geometry,
                      const Clamp& clamp);

/// Whether oneDNN computes convolutions in bfloat16 on this CPU.
bool OneDnnSupportsBf16();

}  // namespace graphiqa
