// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include "plan_op.h"

namespace graphiqa {

/// LibTorch's fused oneDNN convolutions, which have no C++ function: they are
/// found through the dispatcher. `op` is a kConv whose weight came from
/// ReorderWeight().

/// The weight in the layout that oneDNN likes best for this input.
/// @param input_sizes  [N,c,h,w] of what it will mostly see
at::Tensor ReorderWeight(const PlanOp& op, at::IntArrayRef input_sizes);

/// Convolution, bias and clamp in one pass.
at::Tensor ConvClamp(const PlanOp& op, const at::Tensor& x);

/// Convolution, bias, addition of `other` and ReLU in one pass.
at::Tensor ConvAdd(const PlanOp& op, const at::Tensor& x,
                   const at::Tensor& other);

/// ConvAdd() whose result takes the memory of `other`: faster.
void ConvAddInPlace(const PlanOp& op, const at::Tensor& x, at::Tensor* other);

}  // namespace graphiqa
