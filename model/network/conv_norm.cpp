// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "conv_norm.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include <limits>
#include <optional>

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

at::IntArrayRef PaddingOf(const Conv2d& conv) {
  return std::get<torch::ExpandingArray<2>>(conv->options.padding());
}

at::Tensor Bordered(const at::Tensor& x, const Border& border) {
  if (border.empty()) return x;
  return at::constant_pad_nd(
      x, {border.left, border.right, border.top, border.bottom});
}

at::Tensor Clamped(at::Tensor y, const Clamp& clamp) {
  if (clamp.none()) return y;
  if (clamp.relu()) return y.relu_();
  return at::hardtanh_(y, clamp.low, clamp.high);
}

bool NeedsGradient(const Conv2d& conv, const BatchNorm2d& norm,
                   const at::Tensor& x) {
  return at::GradMode::is_enabled() &&
         (x.requires_grad() || conv->weight.requires_grad() ||
          norm->weight.requires_grad() || norm->bias.requires_grad());
}

bool OneDnnTakes(const at::Tensor& x) {
  return x.device().is_cpu() &&
         (x.scalar_type() == at::kFloat ||
          (x.scalar_type() == at::kBFloat16 && OneDnnSupportsBf16()));
}

/// The border as padding of both sides alike, with the weight widened on the
/// side where the border is the narrower one; nothing where it is the wider.
std::optional<at::Tensor> TakeInBorder(const at::Tensor& weight,
                                       const Border& border) {
  const int64_t wider = border.right - border.left;
  const int64_t taller = border.bottom - border.top;
  if (wider < 0 || taller < 0) return std::nullopt;
  if (wider == 0 && taller == 0) return weight;
  return at::constant_pad_nd(weight, {wider, 0, taller, 0});
}

at::Tensor Fused(Conv2d& conv, BatchNorm2d& norm, const at::Tensor& x,
                 const Clamp& clamp, const Border& border) {
  const at::NoGradGuard no_grad;
  const Folded folded = Fold(conv, norm, x.scalar_type());
  const auto& options = conv->options;
  ConvGeometry geometry{options.stride(), PaddingOf(conv), options.dilation(),
                        options.groups()};
  const auto weight = TakeInBorder(folded.weight, border);
  if (border.empty() || !weight) {
    return OneDnnConv(Bordered(x, border), folded.weight, folded.bias, geometry,
                      clamp);
  }
  const int64_t padding[] = {border.bottom, border.right};
  geometry.padding = padding;
  return OneDnnConv(x, *weight, folded.bias, geometry, clamp);
}

}  // namespace

at::Tensor ConvNorm(Conv2d& conv, BatchNorm2d& norm, const at::Tensor& x,
                    const Clamp& clamp, const Border& border) {
  const bool fold = !norm->is_training() && (at::GradMode::is_enabled() ||
                                             x.scalar_type() == at::kBFloat16);
  if (!fold) return Clamped(norm(conv(Bordered(x, border))), clamp);
  if (!NeedsGradient(conv, norm, x) && OneDnnTakes(x)) {
    return Fused(conv, norm, x, clamp, border);
  }
  const auto& options = conv->options;
  const at::Tensor input = Bordered(x, border);
  const auto [w, b] = Fold(conv, norm, x.scalar_type());
  if (IsPlainDepthwise(input, w, options.groups())) {
    return Clamped(
        DepthwiseConv(input, w, b,
                      {w.size(2), options.stride()->at(0), PaddingOf(conv)[0]}),
        clamp);
  }
  return Clamped(at::conv2d(input, w, b, options.stride(), PaddingOf(conv),
                            options.dilation(), options.groups()),
                 clamp);
}

}  // namespace graphiqa
