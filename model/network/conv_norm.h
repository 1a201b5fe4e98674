// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>

#include "onednn_conv.h"

namespace graphiqa {

inline constexpr Clamp kRelu{0};
inline constexpr Clamp kRelu6{0, 6};

/// Pixels of zeros around a map.
struct Border {
  int64_t left = 0, right = 0, top = 0, bottom = 0;

  bool empty() const {
    return left == 0 && right == 0 && top == 0 && bottom == 0;
  }
};

/// A border, a convolution without bias, its batch norm and a clamp.
///
/// While the norm keeps its statistics (evaluation mode) and gradients are
/// recorded or `x` is bfloat16, the norm is folded into weights and bias first,
/// differentiably: the result is the same up to rounding, and two passes over
/// the activations and two over their gradients are saved, which is most of the
/// time of a depthwise network. Weights follow the element type of `x`, so that
/// bfloat16 images are trained on in bfloat16 with float32 parameters. Where
/// nothing needs a gradient, as in frozen stages, everything is one fused pass.
/// @param x       [N,C,H,W] float, or bfloat16 in evaluation mode
/// @param border  only for a convolution without padding of its own
at::Tensor ConvNorm(torch::nn::Conv2d& conv, torch::nn::BatchNorm2d& norm,
                    const at::Tensor& x, const Clamp& clamp = {},
                    const Border& border = {});

}  // namespace graphiqa
