// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "fused_plan.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <utility>

#include "onednn_ops.h"
#include "plan_fusion.h"
#include "plan_trace.h"
#include "pooling.h"

namespace graphiqa {

FusedPlan::FusedPlan(Network& network, int64_t size_px, at::ScalarType dtype)
    : dtype_(dtype), feature_size_(network.architecture().feature_size) {
  const at::NoGradGuard no_grad;
  Backbone& backbone = network.backbone();
  PlanGraph graph = TraceBackbone(backbone, size_px);
  FuseOperators(&graph);
  input_ = graph.input;
  slots_ = graph.slots;
  for (PlanOp& op : graph.ops) steps_.push_back({std::move(op), {}, {}, false});
  ChooseStages(network, backbone, &graph);
  PlanMemory(graph);
  LayOutWeights(size_px);
}

/// Columns of the features as Network::Features() orders them.
void FusedPlan::ChooseStages(const Network& network, Backbone& backbone,
                             PlanGraph* graph) {
  const bool multi = network.architecture().features == "multi";
  std::vector<size_t> chosen;
  if (multi) chosen = backbone.MultiStages();
  chosen.push_back(graph->stages.size() - 1);
  const std::vector<int64_t> channels = backbone.StageChannels();
  int64_t column = 0;
  for (const size_t index : chosen) {
    const int slot = graph->stages.at(index);
    for (Step& step : steps_) {
      if (step.op.output == slot) step.poolings.push_back({multi, column});
    }
    column += channels.at(index) * (multi ? 2 : 1);
  }
  if (column != feature_size_) {
    throw Error(ErrorCode::kShape, "the backbone's stages give " +
                                       std::to_string(column) +
                                       " features, the model has " +
                                       std::to_string(feature_size_));
  }
}

/// Stages are pooled as soon as they are computed, so only operators count as
/// readers.
void FusedPlan::PlanMemory(const PlanGraph& graph) {
  std::vector<size_t> last_reader(static_cast<size_t>(graph.slots), 0);
  for (size_t i = 0; i < steps_.size(); ++i) {
    last_reader[static_cast<size_t>(steps_[i].op.output)] = i;
    for (const int slot : steps_[i].op.inputs) {
      last_reader[static_cast<size_t>(slot)] = i;
    }
  }
  for (size_t slot = 0; slot < last_reader.size(); ++slot) {
    steps_[last_reader[slot]].free.push_back(static_cast<int>(slot));
  }
  for (size_t i = 0; i < steps_.size(); ++i) {
    Step& step = steps_[i];
    if (step.op.kind != PlanOpKind::kConv || step.op.inputs.size() < 2) {
      continue;
    }
    const int other = step.op.inputs[1];
    step.in_place = last_reader[static_cast<size_t>(other)] == i &&
                    other != step.op.inputs[0] && other != graph.input;
  }
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

at::Tensor FusedPlan::Features(const at::Tensor& images) const {
  const at::NoGradGuard no_grad;
  at::Tensor features = at::empty({images.size(0), feature_size_}, at::kFloat);
  std::vector<at::Tensor> slots(static_cast<size_t>(slots_));
  slots[static_cast<size_t>(input_)] =
      images.to(dtype_).contiguous(at::MemoryFormat::ChannelsLast);
  for (const Step& step : steps_) {
    at::Tensor& result = slots[static_cast<size_t>(step.op.output)];
    result = Compute(step, &slots);
    for (const Pooling& pooling : step.poolings) {
      PoolMap(result, pooling.deviation, pooling.column, &features);
    }
    for (const int slot : step.free) slots[static_cast<size_t>(slot)].reset();
  }
  return features;
}

}  // namespace graphiqa
