// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>

#include "conv_spec.h"

namespace graphiqa {

/// A border, a convolution without bias, its batch norm and a clamp.
///
/// While the norm keeps its statistics (evaluation mode) and gradients are
/// recorded or `x` is bfloat16, the norm is folded into weights and bias first,
/// differentiably, and border and clamp are fused with the convolution: the
/// result is the same up to rounding, and most of the passes over activations
/// and gradients are saved, which are most of the time of a depthwise network.
/// Weights follow the element type of `x`, so that bfloat16 images are trained
/// on in bfloat16 with float32 parameters.
/// @param conv    square, without dilation
/// @param x       [N,C,H,W] float, or bfloat16 in evaluation mode
/// @param clamp   none, or with a low bound of 0
/// @param border  only for a convolution without padding of its own
at::Tensor ConvNorm(torch::nn::Conv2d& conv, torch::nn::BatchNorm2d& norm,
                    const at::Tensor& x, const Clamp& clamp = {},
                    const Border& border = {});

}  // namespace graphiqa
