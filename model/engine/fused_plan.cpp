// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "fused_plan.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include <utility>

#include "network/pooling.h"
#include "onednn_ops.h"
#include "plan_fusion.h"
#include "plan_trace.h"

namespace graphiqa {
namespace {

/// Whether a convolution's second operand is needed by nobody else, so that
/// its memory can take the result. The images belong to the caller.
bool CanAddInPlace(const PlanGraph& graph, size_t i,
                   const std::vector<size_t>& readers) {
  const PlanOp& op = graph.ops[i];
  if (op.kind != PlanOpKind::kConv || op.inputs.size() < 2) return false;
  const int other = op.inputs[1];
  return readers[static_cast<size_t>(other)] == i && other != op.inputs[0] &&
         other != graph.input;
}

}  // namespace

FusedPlan::FusedPlan(Network& network, int64_t size_px, at::ScalarType dtype)
    : dtype_(dtype), sizes_(network.architecture()) {
  const at::NoGradGuard no_grad;
  PlanGraph graph = TraceBackbone(network.backbone(), size_px);
  FuseOperators(&graph);
  input_ = graph.input;
  slots_ = graph.slots;
  const auto poolings = PoolingsByOp(network, graph);
  const auto freed = FreedByOp(graph);
  const std::vector<size_t> readers = LastReaders(graph);
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    const bool in_place = CanAddInPlace(graph, i, readers);
    steps_.push_back(
        {std::move(graph.ops[i]), poolings[i], freed[i], in_place});
  }
  LayOutWeights(size_px);
}

/// Runs the plan once to learn the sizes; oneDNN's best layout depends on
/// them.
void FusedPlan::LayOutWeights(int64_t size_px) {
  std::vector<at::Tensor> slots(static_cast<size_t>(slots_));
  slots[static_cast<size_t>(input_)] =
      at::zeros({1, 3, size_px, size_px}, dtype_)
          .contiguous(at::MemoryFormat::ChannelsLast);
  for (Step& step : steps_) {
    PlanOp& op = step.op;
    if (op.kind == PlanOpKind::kConv) {
      op.weight = op.weight.to(dtype_).contiguous();
      if (op.bias.defined()) op.bias = op.bias.to(dtype_).contiguous();
      const at::Tensor& x = slots[static_cast<size_t>(op.inputs[0])];
      op.weight = ReorderWeight(op, x.sizes());
    }
    slots[static_cast<size_t>(op.output)] = Compute(step, &slots);
  }
}

at::Tensor FusedPlan::Compute(const Step& step,
                              std::vector<at::Tensor>* slots) const {
  const PlanOp& op = step.op;
  const at::Tensor& x = (*slots)[static_cast<size_t>(op.inputs[0])];
  if (op.kind == PlanOpKind::kPad) return at::constant_pad_nd(x, op.padding);
  if (op.kind == PlanOpKind::kMaxPool) {
    return at::max_pool2d(x, op.kernel, op.stride, op.padding, op.dilation);
  }
  if (op.inputs.size() == 1) return ConvClamp(op, x);
  at::Tensor& other = (*slots)[static_cast<size_t>(op.inputs[1])];
  if (!step.in_place) return ConvAdd(op, x, other);
  ConvAddInPlace(op, x, &other);
  return other;
}

at::Tensor FusedPlan::Features(const at::Tensor& images) {
  const at::NoGradGuard no_grad;
  at::Tensor features = sizes_.Start(images);
  std::vector<at::Tensor> slots(static_cast<size_t>(slots_));
  slots[static_cast<size_t>(input_)] =
      images.to(dtype_).contiguous(at::MemoryFormat::ChannelsLast);
  for (const Step& step : steps_) {
    at::Tensor& result = slots[static_cast<size_t>(step.op.output)];
    result = Compute(step, &slots);
    for (const PlanPooling& pooling : step.poolings) {
      PoolMap(result, pooling.deviation, pooling.column, &features);
    }
    for (const int slot : step.free) slots[static_cast<size_t>(slot)].reset();
  }
  return features;
}

}  // namespace graphiqa
