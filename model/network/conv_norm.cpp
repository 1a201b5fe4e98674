// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "conv_norm.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include "convolve.h"
#include "depthwise.h"

namespace graphiqa {
namespace {

using torch::nn::BatchNorm2d;
using torch::nn::Conv2d;

/// Weight and bias of a convolution that has taken in its norm.
struct Folded {
  at::Tensor weight, bias;
};

Folded Fold(Conv2d& conv, BatchNorm2d& norm, at::ScalarType type) {
  const at::Tensor scale =
      norm->weight * (norm->running_var + norm->options.eps()).rsqrt();
  const at::Tensor weight = conv->weight * scale.view({-1, 1, 1, 1});
  const at::Tensor bias = norm->bias - norm->running_mean * scale;
  return {weight.to(type), bias.to(type)};
}

bool NeedsGradient(const Conv2d& conv, const BatchNorm2d& norm,
                   const at::Tensor& x) {
  return at::GradMode::is_enabled() &&
         (x.requires_grad() || conv->weight.requires_grad() ||
          norm->weight.requires_grad() || norm->bias.requires_grad());
}

/// The convolution's own padding is a border as well.
ConvSpec SpecOf(const Conv2d& conv, const Clamp& clamp, const Border& border) {
  const auto& options = conv->options;
  const at::IntArrayRef padding =
      std::get<torch::ExpandingArray<2>>(options.padding());
  ConvSpec spec{options.stride()->at(0), options.groups(), border, clamp};
  if (border.empty()) {
    spec.border = {padding[1], padding[1], padding[0], padding[0]};
  }
  return spec;
}

/// What LibTorch's own operators do.
at::Tensor Plain(const at::Tensor& x, const Folded& folded,
                 const ConvSpec& spec) {
  const Border& border = spec.border;
  const int64_t stride[] = {spec.stride, spec.stride};
  const int64_t padding[] = {border.symmetric() ? border.top : 0,
                             border.symmetric() ? border.left : 0};
  const int64_t dilation[] = {1, 1};
  return Clamped(
      at::conv2d(border.symmetric() ? x : Bordered(x, border), folded.weight,
                 folded.bias, at::IntArrayRef(stride), at::IntArrayRef(padding),
                 at::IntArrayRef(dilation), spec.groups),
      spec.clamp);
}

at::Tensor FoldedConv(const at::Tensor& x, const Folded& folded,
                      const ConvSpec& spec, bool gradient) {
  if (!OneDnnTakes(x)) return Plain(x, folded, spec);
  const auto& [weight, bias] = folded;
  if (!gradient) return Convolve(x, weight, bias, spec);
  if (IsPlainDepthwise(x, weight, spec.groups)) {
    return DepthwiseConv(x, weight, bias, spec);
  }
  const bool fuses = spec.border.symmetric() && !spec.clamp.none();
  return fuses ? ConvolveWithGradient(x, weight, bias, spec)
               : Plain(x, folded, spec);
}

}  // namespace

at::Tensor ConvNorm(Conv2d& conv, BatchNorm2d& norm, const at::Tensor& x,
                    const Clamp& clamp, const Border& border) {
  const bool fold = !norm->is_training() && (at::GradMode::is_enabled() ||
                                             x.scalar_type() == at::kBFloat16);
  if (!fold) return Clamped(norm(conv(Bordered(x, border))), clamp);
  return FoldedConv(x, Fold(conv, norm, x.scalar_type()),
                    SpecOf(conv, clamp, border), NeedsGradient(conv, norm, x));
}

}  // namespace graphiqa
