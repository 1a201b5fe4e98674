// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "conv_norm.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include "depthwise.h"

namespace graphiqa {

at::Tensor ConvNorm(torch::nn::Conv2d& conv, torch::nn::BatchNorm2d& norm,
                    const at::Tensor& x) {
  const auto& options = conv->options;
  const bool fold = !norm->is_training() && (at::GradMode::is_enabled() ||
                                             x.scalar_type() == at::kBFloat16);
  if (!fold) return norm(conv(x));
  const at::Tensor scale =
      norm->weight * (norm->running_var + norm->options.eps()).rsqrt();
  const at::Tensor weight = conv->weight * scale.view({-1, 1, 1, 1});
  const at::Tensor bias = norm->bias - norm->running_mean * scale;
  const at::IntArrayRef padding =
      std::get<torch::ExpandingArray<2>>(options.padding());
  const at::Tensor w = weight.to(x.scalar_type());
  const at::Tensor b = bias.to(x.scalar_type());
  if (IsPlainDepthwise(x, w, options.groups())) {
    return DepthwiseConv(x, w, b,
                         {w.size(2), options.stride()->at(0), padding[0]});
  }
  return at::conv2d(x, w, b, options.stride(), padding, options.dilation(),
                    options.groups());
}

}  // namespace graphiqa
