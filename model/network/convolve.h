// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include "conv_spec.h"

namespace graphiqa {

/// Whether the fused operators take this input: on the CPU, float, or bfloat16
/// where oneDNN computes in it.
bool OneDnnTakes(const at::Tensor& x);

/// The map with its border.
at::Tensor Bordered(const at::Tensor& x, const Border& border);

/// Clamps in place.
at::Tensor Clamped(at::Tensor y, const Clamp& clamp);

/// All of `spec` in one pass; no gradient is recorded.
/// @param x       [N,C,H,W] that OneDnnTakes()
/// @param weight  [O,C/groups,k,k], bias [O], of the same type
at::Tensor Convolve(const at::Tensor& x, const at::Tensor& weight,
                    const at::Tensor& bias, const ConvSpec& spec);

/// The same, differentiable in all three. The clamp costs no pass of its own:
/// it is fused forward, and backward the gradient is masked by the result.
/// @param spec  with a symmetric border, and a clamp whose low bound is 0
at::Tensor ConvolveWithGradient(const at::Tensor& x, const at::Tensor& weight,
                                const at::Tensor& bias, const ConvSpec& spec);

}  // namespace graphiqa
