// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace graphiqa {

/// What a plan knows to compute. TraceBackbone() yields all of them,
/// FuseOperators() leaves convolutions, poolings and pads.
enum class PlanOpKind { kConv, kNorm, kClamp, kAdd, kPad, kMaxPool };

/// One operator. Values between operators are numbered slots; every slot is
/// written once.
struct PlanOp {
  PlanOpKind kind = PlanOpKind::kConv;
  std::vector<int> inputs;  ///< slots; kConv: what it sees and, after fusion,
                            ///< optionally what is added before the clamp
  int output = -1;

  at::Tensor weight;  ///< kConv: [out, in/groups, kh, kw]; kNorm: scale [c]
  at::Tensor bias;    ///< kConv: [out], may be undefined; kNorm: shift [c]
  std::vector<int64_t> kernel;         ///< kMaxPool: height, width
  std::vector<int64_t> stride;         ///< kConv, kMaxPool: height, width
  std::vector<int64_t> padding;        ///< kConv, kMaxPool: height, width;
                                       ///< kPad: left, right, top, bottom
  std::vector<int64_t> padding_after;  ///< kConv: bottom, right, where they
                                       ///< are not as `padding`; else empty
  std::vector<int64_t> dilation;       ///< kConv, kMaxPool: height, width
  int64_t groups = 1;                  ///< kConv

  /// kClamp, or a kConv with a fused one: bounds of the result. A ReLU is
  /// [0, infinity).
  bool clamped = false;
  double low = 0;
  double high = 0;
};

/// A backbone as a list of operators, in an order that computes it.
struct PlanGraph {
  std::vector<PlanOp> ops;
  int input = 0;            ///< slot of the images
  std::vector<int> stages;  ///< slots of the backbone's stages, in order
  int slots = 0;            ///< number of slots
};

}  // namespace graphiqa
