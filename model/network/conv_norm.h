// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>

namespace graphiqa {

/// A convolution without bias, then its batch norm.
///
/// While the norm keeps its statistics (evaluation mode) and gradients are
/// recorded or `x` is bfloat16, the norm is folded into weights and bias first,
/// differentiably: the result is the same up to rounding, and two passes over
/// the activations and two over their gradients are saved, which is most of the
/// time of a depthwise network. Weights follow the element type of `x`, so that
/// bfloat16 images are trained on in bfloat16 with float32 parameters.
/// @param x  [N,C,H,W] float, or bfloat16 in evaluation mode
at::Tensor ConvNorm(torch::nn::Conv2d& conv, torch::nn::BatchNorm2d& norm,
                    const at::Tensor& x);

}  // namespace graphiqa
