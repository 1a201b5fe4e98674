// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "plan_fusion.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "error.h"

namespace graphiqa {
namespace {

using OpIterator = std::vector<PlanOp>::iterator;

/// Readers of a slot; being a stage counts as one.
int64_t Uses(const PlanGraph& graph, int slot) {
  int64_t uses = std::count(graph.stages.begin(), graph.stages.end(), slot);
  for (const PlanOp& op : graph.ops) {
    uses += std::count(op.inputs.begin(), op.inputs.end(), slot);
  }
  return uses;
}

/// The convolution that computes `slot` for a single reader and nobody else,
/// as long as it can take something in after itself; end() where there is
/// none.
OpIterator OpenConv(PlanGraph* graph, int slot) {
  const auto producer =
      std::find_if(graph->ops.begin(), graph->ops.end(),
                   [slot](const PlanOp& op) { return op.output == slot; });
  const bool open = producer != graph->ops.end() &&
                    producer->kind == PlanOpKind::kConv && !producer->clamped &&
                    Uses(*graph, slot) == 1;
  return open ? producer : graph->ops.end();
}

/// w' = w * scale and b' = b * scale + shift, per output channel.
bool FoldNorm(PlanGraph* graph, OpIterator norm) {
  const auto conv = OpenConv(graph, norm->inputs[0]);
  if (conv == graph->ops.end() || conv->inputs.size() != 1) return false;
  const at::Tensor scale = norm->weight.view({-1, 1, 1, 1});
  at::Tensor bias = norm->bias;
  if (conv->bias.defined()) bias = bias + conv->bias * norm->weight;
  conv->weight = (conv->weight * scale).to(at::kFloat);
  conv->bias = bias.to(at::kFloat);
  conv->output = norm->output;
  return true;
}

/// The convolution moves to where the sum is: there both operands are known.
bool FuseAdd(PlanGraph* graph, OpIterator add) {
  for (size_t i = 0; i < 2; ++i) {
    const auto conv = OpenConv(graph, add->inputs[i]);
    if (conv == graph->ops.end() || conv->inputs.size() != 1 ||
        conv->groups != 1) {
      continue;
    }
    const int other = add->inputs[1 - i];
    const int output = add->output;
    *add = *conv;
    add->inputs.push_back(other);
    add->output = output;
    graph->ops.erase(conv);
    return true;
  }
  return false;
}

bool FuseClamp(PlanGraph* graph, OpIterator clamp) {
  const auto conv = OpenConv(graph, clamp->inputs[0]);
  if (conv == graph->ops.end()) return false;
  const bool relu =
      clamp->low == 0 && clamp->high == std::numeric_limits<double>::infinity();
  // oneDNN's sum takes nothing but a ReLU after it.
  if (conv->inputs.size() > 1 && !relu) return false;
  conv->clamped = true;
  conv->low = clamp->low;
  conv->high = clamp->high;
  conv->output = clamp->output;
  return true;
}

/// The convolution that alone reads a pad and has none itself.
OpIterator PaddedConv(PlanGraph* graph, const PlanOp& pad) {
  if (Uses(*graph, pad.output) != 1) return graph->ops.end();
  return std::find_if(
      graph->ops.begin(), graph->ops.end(), [&pad](const PlanOp& op) {
        return op.kind == PlanOpKind::kConv && op.inputs[0] == pad.output &&
               op.padding == std::vector<int64_t>{0, 0};
      });
}

bool TakePad(PlanGraph* graph, OpIterator pad) {
  const auto conv = PaddedConv(graph, *pad);
  const std::vector<int64_t>& sides = pad->padding;
  const bool fits = std::all_of(sides.begin(), sides.end(),
                                [](int64_t side) { return side >= 0; });
  if (conv == graph->ops.end() || !fits) return false;
  conv->padding = {sides[2], sides[0]};
  conv->padding_after = {sides[3], sides[1]};
  conv->inputs[0] = pad->inputs[0];
  return true;
}

/// LibTorch's convolutions pad both sides alike. More zeros after than before
/// are had by padding both sides with the larger number and giving the kernel
/// leading rows and columns of zeros.
bool FusePad(PlanGraph* graph, OpIterator pad) {
  const auto conv = PaddedConv(graph, *pad);
  if (conv == graph->ops.end()) return false;
  const int64_t before_x = pad->padding[0], after_x = pad->padding[1];
  const int64_t before_y = pad->padding[2], after_y = pad->padding[3];
  const bool fits = after_x >= before_x && before_x >= 0 &&
                    after_y >= before_y && before_y >= 0 &&
                    conv->dilation == std::vector<int64_t>{1, 1};
  if (!fits) return false;
  conv->weight = at::constant_pad_nd(
      conv->weight, {after_x - before_x, 0, after_y - before_y, 0});
  conv->padding = {after_y, after_x};
  conv->inputs[0] = pad->inputs[0];
  return true;
}

/// Applies `fuse` to every operator of a kind and drops those it took in.
void FuseAll(PlanGraph* graph, PlanOpKind kind,
             bool (*fuse)(PlanGraph*, OpIterator)) {
  for (size_t i = 0; i < graph->ops.size();) {
    const auto op = graph->ops.begin() + static_cast<std::ptrdiff_t>(i);
    if (op->kind == kind && fuse(graph, op)) {
      graph->ops.erase(op);
    } else {
      ++i;
    }
  }
}

/// As FuseAll(), for an addition that becomes its convolution.
void FuseAllAdds(PlanGraph* graph) {
  for (size_t i = 0; i < graph->ops.size();) {
    const auto op = graph->ops.begin() + static_cast<std::ptrdiff_t>(i);
    // The list is one shorter after a fusion: `i` is then the next operator.
    if (op->kind != PlanOpKind::kAdd || !FuseAdd(graph, op)) ++i;
  }
}

void CheckFused(const PlanGraph& graph) {
  for (const PlanOp& op : graph.ops) {
    const char* left = op.kind == PlanOpKind::kNorm    ? "a batch norm"
                       : op.kind == PlanOpKind::kAdd   ? "an addition"
                       : op.kind == PlanOpKind::kClamp ? "an activation"
                                                       : nullptr;
    if (left == nullptr) continue;
    throw Error(ErrorCode::kUsage,
                std::string("the plan found no convolution for ") + left +
                    " of the backbone");
  }
}

}  // namespace

void FuseOperators(PlanGraph* graph, PadRule rule) {
  FuseAll(graph, PlanOpKind::kNorm, FoldNorm);
  FuseAllAdds(graph);
  FuseAll(graph, PlanOpKind::kClamp, FuseClamp);
  FuseAll(graph, PlanOpKind::kPad, rule == PadRule::kAsIs ? TakePad : FusePad);
  CheckFused(*graph);
}

}  // namespace graphiqa
