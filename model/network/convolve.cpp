// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "convolve.h"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/custom_function.h>

#include <array>
#include <optional>

#include "mask.h"
#include "onednn_conv.h"

namespace graphiqa {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kDilation[] = {1, 1};

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

class ConvolveFunction : public torch::autograd::Function<ConvolveFunction> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x,
                            const at::Tensor& weight, const at::Tensor& bias,
                            const ConvSpec& spec) {
    const at::Tensor y = Convolve(x, weight, bias, spec);
    context->save_for_backward({x, weight, y});
    context->saved_data["stride"] = spec.stride;
    context->saved_data["groups"] = spec.groups;
    context->saved_data["top"] = spec.border.top;
    context->saved_data["left"] = spec.border.left;
    context->saved_data["high"] = spec.clamp.high;
    return y;
  }

  static variable_list backward(AutogradContext* context,
                                variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto number = [context](const char* name) {
      return context->saved_data[name].toInt();
    };
    const at::Tensor masked = MaskGradient(
        gradients[0], saved[2], {0, context->saved_data["high"].toDouble()});
    const int64_t outputs[] = {saved[1].size(0)};
    const auto [x, weight, bias] = at::convolution_backward(
        masked, saved[0], saved[1], at::IntArrayRef(outputs),
        {number("stride"), number("stride")}, {number("top"), number("left")},
        kDilation, /*transposed=*/false, {0, 0}, number("groups"),
        {context->needs_input_grad(0), context->needs_input_grad(1),
         context->needs_input_grad(2)});
    return {x, weight, bias, {}};
  }
};

}  // namespace

bool OneDnnTakes(const at::Tensor& x) {
  return x.device().is_cpu() &&
         (x.scalar_type() == at::kFloat ||
          (x.scalar_type() == at::kBFloat16 && OneDnnSupportsBf16()));
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

at::Tensor Convolve(const at::Tensor& x, const at::Tensor& weight,
                    const at::Tensor& bias, const ConvSpec& spec) {
  const at::NoGradGuard no_grad;
  const int64_t stride[] = {spec.stride, spec.stride};
  if (const auto widened = TakeInBorder(weight, spec.border)) {
    const int64_t padding[] = {spec.border.bottom, spec.border.right};
    return OneDnnConv(x, *widened, bias,
                      {stride, padding, kDilation, spec.groups}, spec.clamp);
  }
  const int64_t padding[] = {0, 0};
  return OneDnnConv(Bordered(x, spec.border), weight, bias,
                    {stride, padding, kDilation, spec.groups}, spec.clamp);
}

at::Tensor ConvolveWithGradient(const at::Tensor& x, const at::Tensor& weight,
                                const at::Tensor& bias, const ConvSpec& spec) {
  return ConvolveFunction::apply(x, weight, bias, spec);
}

}  // namespace graphiqa
