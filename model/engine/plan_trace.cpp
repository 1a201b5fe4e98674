// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "plan_trace.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>

#include <limits>
#include <map>
#include <string>
#include <utility>

#include "error.h"

namespace graphiqa {
namespace {

namespace jit = torch::jit;

/// The tracer takes parameters as constants only while they want no gradient.
class WithoutGradients {
 public:
  explicit WithoutGradients(const torch::nn::Module& module) {
    for (at::Tensor& parameter : module.parameters()) {
      if (!parameter.requires_grad()) continue;
      parameter.requires_grad_(false);
      changed_.push_back(parameter);
    }
  }
  ~WithoutGradients() {
    for (at::Tensor& parameter : changed_) parameter.requires_grad_(true);
  }
  WithoutGradients(const WithoutGradients&) = delete;
  WithoutGradients& operator=(const WithoutGradients&) = delete;

 private:
  std::vector<at::Tensor> changed_;
};

std::shared_ptr<jit::Graph> Trace(Backbone& backbone, int64_t size_px) {
  const WithoutGradients without_gradients(backbone);
  const at::NoGradGuard no_grad;
  const auto forward = [&backbone](jit::Stack inputs) {
    jit::Stack outputs;
    for (at::Tensor& stage : backbone.Forward(inputs.at(0).toTensor())) {
      outputs.emplace_back(std::move(stage));
    }
    return outputs;
  };
  const auto traced = jit::tracer::trace(
      {at::zeros({1, 3, size_px, size_px})}, forward,
      [](const at::Tensor&) { return std::string(); }, /*strict=*/true,
      /*force_outplace=*/true);
  return traced.first->graph;
}

/// Arguments of a traced operator, by their position in its schema.
class Arguments {
 public:
  explicit Arguments(const jit::Node& node) : node_(node) {}

  /// @returns nullopt for a list that is not one constant
  std::optional<c10::IValue> Constant(size_t index) const {
    return jit::toIValue(node_.inputs().at(index));
  }

  at::Tensor Tensor(size_t index) const {
    const c10::IValue value = Known(index);
    return value.isNone() ? at::Tensor() : value.toTensor().detach();
  }

  bool Bool(size_t index) const { return Known(index).toBool(); }
  int64_t Int(size_t index) const { return Known(index).toInt(); }
  double Number(size_t index) const {
    return Known(index).toScalar().toDouble();
  }

  std::vector<int64_t> Ints(size_t index) const {
    if (const auto value = Constant(index)) return value->toIntVector();
    const jit::Node& list = *node_.inputs().at(index)->node();
    std::vector<int64_t> numbers;
    for (const jit::Value* item : list.inputs()) {
      const auto number = jit::toIValue(item);
      if (!number) ThrowNotConstant(index);
      numbers.push_back(number->toInt());
    }
    return numbers;
  }

 private:
  c10::IValue Known(size_t index) const {
    auto value = Constant(index);
    if (!value) ThrowNotConstant(index);
    return *std::move(value);
  }

  [[noreturn]] void ThrowNotConstant(size_t index) const {
    throw Error(ErrorCode::kUsage, std::string("the plan needs argument ") +
                                       std::to_string(index) + " of " +
                                       node_.kind().toQualString() +
                                       " to be constant");
  }

  const jit::Node& node_;
};

void ReadConv(const Arguments& arguments, PlanOp* op) {
  op->kind = PlanOpKind::kConv;
  op->weight = arguments.Tensor(1);
  op->bias = arguments.Tensor(2);
  op->stride = arguments.Ints(3);
  op->padding = arguments.Ints(4);
  op->dilation = arguments.Ints(5);
  if (arguments.Bool(6)) {
    throw Error(ErrorCode::kUsage, "the plan knows no transposed convolutions");
  }
  op->groups = arguments.Int(8);
}

/// As scale and shift, in double: they are multiplied into weights.
void ReadNorm(const Arguments& arguments, PlanOp* op) {
  op->kind = PlanOpKind::kNorm;
  if (arguments.Bool(5)) {
    throw Error(ErrorCode::kUsage,
                "the plan needs batch norms in evaluation mode");
  }
  const at::Tensor gain = arguments.Tensor(1).to(at::kDouble);
  const at::Tensor mean = arguments.Tensor(3).to(at::kDouble);
  const at::Tensor variance = arguments.Tensor(4).to(at::kDouble);
  op->weight = gain / at::sqrt(variance + arguments.Number(7));
  op->bias = arguments.Tensor(2).to(at::kDouble) - mean * op->weight;
}

void ReadRelu(const Arguments&, PlanOp* op) {
  op->kind = PlanOpKind::kClamp;
  op->clamped = true;
  op->high = std::numeric_limits<double>::infinity();
}

void ReadClamp(const Arguments& arguments, PlanOp* op) {
  op->kind = PlanOpKind::kClamp;
  op->clamped = true;
  op->low = arguments.Number(1);
  op->high = arguments.Number(2);
}

void ReadAdd(const Arguments& arguments, PlanOp* op) {
  op->kind = PlanOpKind::kAdd;
  if (arguments.Number(2) != 1) {
    throw Error(ErrorCode::kUsage, "the plan knows no scaled additions");
  }
}

void ReadPad(const Arguments& arguments, PlanOp* op) {
  op->kind = PlanOpKind::kPad;
  op->padding = arguments.Ints(1);
  if (op->padding.size() != 4 || arguments.Number(2) != 0) {
    throw Error(ErrorCode::kUsage,
                "the plan pads height and width with zeros only");
  }
}

void ReadMaxPool(const Arguments& arguments, PlanOp* op) {
  op->kind = PlanOpKind::kMaxPool;
  op->kernel = arguments.Ints(1);
  op->stride = arguments.Ints(2);
  op->padding = arguments.Ints(3);
  op->dilation = arguments.Ints(4);
  if (arguments.Bool(5)) {
    throw Error(ErrorCode::kUsage, "the plan knows no pooling with ceil_mode");
  }
}

/// How a traced operator becomes a PlanOp; `operands` of its first arguments
/// are slots.
struct Reader {
  const char* name;
  size_t operands;
  void (*read)(const Arguments& arguments, PlanOp* op);
};

constexpr Reader kReaders[] = {
    {"aten::_convolution", 1, ReadConv},
    {"aten::batch_norm", 1, ReadNorm},
    {"aten::relu", 1, ReadRelu},
    {"aten::hardtanh", 1, ReadClamp},
    {"aten::clamp", 1, ReadClamp},
    {"aten::add", 2, ReadAdd},
    {"aten::constant_pad_nd", 1, ReadPad},
    {"aten::max_pool2d", 1, ReadMaxPool},
    {nullptr, 0, nullptr},
};

const Reader& FindReader(const jit::Node& node) {
  const std::string name = node.kind().toQualString();
  const Reader* reader = kReaders;
  while (reader->name != nullptr && name != reader->name) ++reader;
  if (reader->name == nullptr) {
    throw Error(ErrorCode::kUsage,
                "the plan does not know the operator " + name);
  }
  return *reader;
}

using SlotMap = std::map<const jit::Value*, int>;

int SlotOf(const SlotMap& slots, const jit::Value* value) {
  const auto slot = slots.find(value);
  if (slot == slots.end()) {
    throw Error(ErrorCode::kUsage, "the plan does not know the value '" +
                                       value->debugName() + "' of " +
                                       value->node()->kind().toQualString());
  }
  return slot->second;
}

PlanOp ReadOp(const jit::Node& node, const SlotMap& slots) {
  const Reader& reader = FindReader(node);
  PlanOp op;
  for (size_t i = 0; i < reader.operands; ++i) {
    op.inputs.push_back(SlotOf(slots, node.inputs().at(i)));
  }
  reader.read(Arguments(node), &op);
  return op;
}

}  // namespace

PlanGraph TraceBackbone(Backbone& backbone, int64_t size_px) {
  const std::shared_ptr<jit::Graph> traced = Trace(backbone, size_px);
  PlanGraph graph;
  SlotMap slots;
  slots[traced->inputs().at(0)] = graph.input = graph.slots++;
  for (const jit::Node* node : traced->nodes()) {
    const std::string name = node->kind().toQualString();
    if (name == "prim::Constant" || name == "prim::ListConstruct") continue;
    PlanOp op = ReadOp(*node, slots);
    slots[node->output()] = op.output = graph.slots++;
    graph.ops.push_back(std::move(op));
  }
  for (const jit::Value* stage : traced->outputs()) {
    graph.stages.push_back(SlotOf(slots, stage));
  }
  return graph;
}

}  // namespace graphiqa
