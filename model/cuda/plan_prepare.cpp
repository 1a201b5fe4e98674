// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "plan_prepare.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <algorithm>

namespace graphiqa::cuda {
namespace {

int64_t Readers(const PlanGraph& graph, int slot) {
  int64_t readers = std::count(graph.stages.begin(), graph.stages.end(), slot);
  for (const PlanOp& op : graph.ops) {
    readers += std::count(op.inputs.begin(), op.inputs.end(), slot);
  }
  return readers;
}

/// The plain convolution with a bias that computes `slot`, or null.
PlanOp* BiasedConv(PlanGraph* graph, int slot) {
  for (PlanOp& op : graph->ops) {
    if (op.output != slot) continue;
    const bool plain = op.kind == PlanOpKind::kConv && op.inputs.size() == 1 &&
                       !op.clamped && op.bias.defined();
    return plain ? &op : nullptr;
  }
  return nullptr;
}

int64_t LeadingZeros(const at::Tensor& weight, int64_t axis) {
  int64_t zeros = 0;
  while (zeros + 1 < weight.size(axis) &&
         weight.select(axis, zeros).abs().max().item<float>() == 0) {
    ++zeros;
  }
  return zeros;
}

}  // namespace

void MoveShortcutBias(PlanGraph* graph) {
  for (PlanOp& op : graph->ops) {
    if (op.kind != PlanOpKind::kConv || op.inputs.size() != 2) continue;
    PlanOp* shortcut = BiasedConv(graph, op.inputs[1]);
    if (shortcut == nullptr || Readers(*graph, op.inputs[1]) != 1) continue;
    op.bias = op.bias.defined() ? op.bias + shortcut->bias : shortcut->bias;
    shortcut->bias = at::Tensor();
  }
}

bool IsDepthwise(const PlanOp& op) {
  return op.kind == PlanOpKind::kConv && op.inputs.size() == 1 &&
         op.groups > 1 && op.groups == op.weight.size(0) &&
         op.weight.size(1) == 1 && op.dilation == std::vector<int64_t>{1, 1};
}

UnevenPadding TrimDepthwise(PlanOp* op) {
  const int64_t rows = std::min(LeadingZeros(op->weight, 2), op->padding[0]);
  const int64_t columns = std::min(LeadingZeros(op->weight, 3), op->padding[1]);
  op->weight = op->weight.narrow(2, rows, op->weight.size(2) - rows)
                   .narrow(3, columns, op->weight.size(3) - columns);
  return {op->padding[0] - rows, op->padding[1] - columns};
}

int64_t Reach(const PlanOp& op, size_t axis) {
  const int64_t kernel = op.weight.size(static_cast<int64_t>(axis) + 2);
  return 2 * op.padding[axis] - op.dilation[axis] * (kernel - 1) - 1;
}

}  // namespace graphiqa::cuda
