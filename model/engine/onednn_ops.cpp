// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "onednn_ops.h"

#include <ATen/core/dispatch/Dispatcher.h>

#include <optional>
#include <string_view>

#include "network/onednn_conv.h"

namespace graphiqa {
namespace {

using at::IntArrayRef;
using at::Tensor;
using OptionalTensor = std::optional<Tensor>;
using OptionalText = std::optional<std::string_view>;
using OptionalScalar = std::optional<at::Scalar>;
using ScalarList = c10::List<OptionalScalar>;

/// Signatures as registered by LibTorch (ATen/native/mkldnn).
using ReorderSignature = Tensor(const Tensor&, IntArrayRef, IntArrayRef,
                                IntArrayRef, int64_t, at::OptionalIntArrayRef);
using AddSignature = Tensor(const Tensor&, const Tensor&, const Tensor&,
                            const OptionalTensor&, IntArrayRef, IntArrayRef,
                            IntArrayRef, int64_t, std::string_view,
                            OptionalScalar, OptionalText, ScalarList,
                            OptionalText);
using AddInPlaceSignature = Tensor&(Tensor&, const Tensor&, const Tensor&,
                                    const OptionalTensor&, IntArrayRef,
                                    IntArrayRef, IntArrayRef, int64_t,
                                    std::string_view, OptionalScalar,
                                    OptionalText, ScalarList, OptionalText);

template <typename Signature>
c10::TypedOperatorHandle<Signature> Find(const char* name,
                                         const char* overload) {
  return c10::Dispatcher::singleton()
      .findSchemaOrThrow(name, overload)
      .typed<Signature>();
}

OptionalTensor Bias(const PlanOp& op) {
  return op.bias.defined() ? OptionalTensor(op.bias) : std::nullopt;
}

OptionalText ReluText(const PlanOp& op) {
  return op.clamped ? OptionalText("relu") : std::nullopt;
}

}  // namespace

Tensor ReorderWeight(const PlanOp& op, IntArrayRef input_sizes) {
  static const auto reorder =
      Find<ReorderSignature>("mkldnn::_reorder_convolution_weight", "");
  return reorder.call(op.weight, op.padding, op.stride, op.dilation, op.groups,
                      input_sizes);
}

Tensor ConvClamp(const PlanOp& op, const Tensor& x) {
  return OneDnnConv(x, op.weight, op.bias,
                    {op.stride, op.padding, op.dilation, op.groups},
                    op.clamped ? Clamp{op.low, op.high} : Clamp());
}

Tensor ConvAdd(const PlanOp& op, const Tensor& x, const Tensor& other) {
  static const auto conv =
      Find<AddSignature>("mkldnn::_convolution_pointwise", "binary");
  return conv.call(x, other, op.weight, Bias(op), op.padding, op.stride,
                   op.dilation, op.groups, "add", std::nullopt, ReluText(op),
                   ScalarList(), std::nullopt);
}

void ConvAddInPlace(const PlanOp& op, const Tensor& x, Tensor* other) {
  static const auto conv =
      Find<AddInPlaceSignature>("mkldnn::_convolution_pointwise_", "binary");
  conv.call(*other, x, op.weight, Bias(op), op.padding, op.stride, op.dilation,
            op.groups, "add", std::nullopt, ReluText(op), ScalarList(),
            std::nullopt);
}

}  // namespace graphiqa
