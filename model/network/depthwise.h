// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "conv_spec.h"

namespace graphiqa {

/// Whether DepthwiseConv() can take this convolution: on the CPU, as many
/// groups as channels in and out, square, float or bfloat16.
bool IsPlainDepthwise(const at::Tensor& x, const at::Tensor& weight,
                      int64_t groups);

/// A depthwise convolution whose backward pass is our own. LibTorch's falls
/// back to a reference kernel in bfloat16 and to one that is far from the
/// memory's speed in float: with EfficientNet-Lite0 it took two thirds of a
/// bfloat16 training step. Sums are float whatever the element type.
/// @param x       [N,C,H,W] that OneDnnTakes()
/// @param weight  [C,1,k,k], same type
/// @param bias    [C], same type
/// @param spec    its clamp is none, or has a low bound of 0
/// @returns [N,C,H',W'], channels-last, differentiable in all three
at::Tensor DepthwiseConv(const at::Tensor& x, const at::Tensor& weight,
                         const at::Tensor& bias, const ConvSpec& spec);

}  // namespace graphiqa
