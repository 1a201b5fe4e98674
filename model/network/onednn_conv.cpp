// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "onednn_conv.h"

#include <ATen/core/dispatch/Dispatcher.h>

#include <optional>
#include <string_view>

namespace graphiqa {
namespace {

using at::IntArrayRef;
using at::Tensor;
using ScalarList = c10::List<std::optional<at::Scalar>>;

/// As registered by LibTorch (ATen/native/mkldnn).
using ConvSignature = Tensor(const Tensor&, const Tensor&,
                             const std::optional<Tensor>&, IntArrayRef,
                             IntArrayRef, IntArrayRef, int64_t,
                             std::string_view, ScalarList,
                             std::optional<std::string_view>);

}  // namespace

Tensor OneDnnConv(const Tensor& x, const Tensor& weight, const Tensor& bias,
                  const ConvGeometry& geometry, const Clamp& clamp) {
  static const auto conv =
      c10::Dispatcher::singleton()
          .findSchemaOrThrow("mkldnn::_convolution_pointwise", "")
          .typed<ConvSignature>();
  std::string_view activation = "none";
  ScalarList bounds;
  if (clamp.relu()) {
    activation = "relu";
  } else if (!clamp.none()) {
    activation = "hardtanh";
    bounds = ScalarList({clamp.low, clamp.high});
  }
  return conv.call(x, weight,
                   bias.defined() ? std::optional<Tensor>(bias) : std::nullopt,
                   geometry.padding, geometry.stride, geometry.dilation,
                   geometry.groups, activation, bounds, std::nullopt);
}

bool OneDnnSupportsBf16() {
  static const bool supported =
      c10::Dispatcher::singleton()
          .findSchemaOrThrow("mkldnn::_is_mkldnn_bf16_supported", "")
          .typed<bool()>()
          .call();
  return supported;
}

}  // namespace graphiqa
