// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "cuda_plan.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cudnn_convolution.h>
#include <ATen/ops/cudnn_convolution_add_relu.h>
#include <ATen/ops/cudnn_convolution_relu.h>
#include <c10/cuda/CUDAStream.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "cuda_check.h"
#include "element.h"
#include "engine/plan_fusion.h"
#include "engine/plan_trace.h"
#include "kernels.h"

namespace graphiqa::cuda {
namespace {

constexpr auto kChannelsLast = at::MemoryFormat::ChannelsLast;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

float LowOf(const PlanOp& op) {
  return static_cast<float>(op.clamped ? op.low : -kInfinity);
}

float HighOf(const PlanOp& op) {
  return static_cast<float>(op.clamped ? op.high : kInfinity);
}

bool IsRelu(const PlanOp& op) {
  return op.clamped && op.low == 0 && op.high == kInfinity;
}

const float* DataOrNull(const at::Tensor& tensor) {
  return tensor.defined() ? tensor.const_data_ptr<float>() : nullptr;
}

/// What follows a convolution, in place.
void RunEpilogue(const PlanOp& op, const at::Tensor& bias,
                 const at::Tensor& addend, at::Tensor* y) {
  if (!bias.defined() && !addend.defined() && !op.clamped) return;
  EpilogueArguments arguments;
  arguments.pixels = y->size(0) * y->size(2) * y->size(3);
  arguments.channels = static_cast<int>(y->size(1));
  arguments.bias = DataOrNull(bias);
  const at::Tensor other =
      addend.defined() ? addend.contiguous(kChannelsLast) : at::Tensor();
  arguments.addend = other.defined() ? other.const_data_ptr() : nullptr;
  arguments.low = LowOf(op);
  arguments.high = HighOf(op);
  GRAPHIQA_CUDA_CHECK(Epilogue(arguments, ElementOf(*y), y->data_ptr(),
                               c10::cuda::getCurrentCUDAStream()));
}

}  // namespace

CudaPlan::CudaPlan(Network& network, int64_t size_px,
                   const at::TensorOptions& options)
    : options_(options),
      feature_size_(network.architecture().feature_size),
      statistics_(StatisticsSize(network.architecture().features)) {
  const ColourScale scale = ColourScaleOf(network.architecture());
  std::copy(scale.mean.begin(), scale.mean.end(), scale_.mean);
  std::copy(scale.std.begin(), scale.std.end(), scale_.std);
  const at::NoGradGuard no_grad;
  PlanGraph graph = TraceBackbone(network.backbone(), size_px);
  FuseOperators(&graph);
  MoveShortcutBias(&graph);
  input_ = graph.input;
  slots_ = graph.slots;
  const auto poolings = PoolingsByOp(network, graph);
  const auto freed = FreedByOp(graph);
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    Step step;
    step.op = std::move(graph.ops[i]);
    step.poolings = poolings[i];
    step.free = freed[i];
    MoveToDevice(&step);
    steps_.push_back(std::move(step));
  }
}

void CudaPlan::MoveToDevice(Step* step) const {
  PlanOp& op = step->op;
  if (op.kind != PlanOpKind::kConv) return;
  for (size_t axis = 0; axis < 2; ++axis) step->reach[axis] = Reach(op, axis);
  const at::TensorOptions floats = options_.dtype(at::kFloat);
  if (op.bias.defined()) {
    step->bias = op.bias.to(floats).contiguous();
    op.bias = op.bias.to(options_).contiguous();
  }
  step->depthwise = IsDepthwise(op);
  if (step->depthwise) {
    step->padding = TrimDepthwise(&op);
    // [C,1,kh,kw] to [kh,kw,C]: neighbouring channels side by side.
    op.weight = op.weight.squeeze(1).permute({1, 2, 0}).contiguous().to(floats);
  } else {
    op.weight = op.weight.to(options_).contiguous(kChannelsLast);
  }
}

at::Tensor CudaPlan::Conv(const Step& step, const at::Tensor& x,
                          const at::Tensor& addend) const {
  const PlanOp& op = step.op;
  const bool exact = x.scalar_type() == at::kFloat;
  // LibTorch's fused operators ask a global switch whether float32 may be
  // rounded to TF32, so they are for the half types only.
  if (!exact && IsRelu(op)) {
    const std::optional<at::Tensor> bias =
        op.bias.defined() ? std::make_optional(op.bias) : std::nullopt;
    if (addend.defined()) {
      return at::cudnn_convolution_add_relu(x, op.weight, addend, 1.0, bias,
                                            op.stride, op.padding, op.dilation,
                                            op.groups);
    }
    return at::cudnn_convolution_relu(x, op.weight, bias, op.stride, op.padding,
                                      op.dilation, op.groups);
  }
  at::Tensor y =
      at::cudnn_convolution(x, op.weight, op.padding, op.stride, op.dilation,
                            op.groups, /*benchmark=*/false,
                            /*deterministic=*/false, /*allow_tf32=*/!exact)
          .contiguous(kChannelsLast);
  RunEpilogue(op, step.bias, addend, &y);
  return y;
}

at::Tensor CudaPlan::Depthwise(const Step& step, const at::Tensor& x) const {
  const PlanOp& op = step.op;
  const at::Tensor input = x.contiguous(kChannelsLast);
  DepthwiseArguments arguments;
  arguments.images = static_cast<int>(input.size(0));
  arguments.channels = static_cast<int>(input.size(1));
  arguments.height = static_cast<int>(input.size(2));
  arguments.width = static_cast<int>(input.size(3));
  const int64_t out_height = (input.size(2) + step.reach[0]) / op.stride[0] + 1;
  const int64_t out_width = (input.size(3) + step.reach[1]) / op.stride[1] + 1;
  arguments.out_height = static_cast<int>(out_height);
  arguments.out_width = static_cast<int>(out_width);
  arguments.kernel_height = static_cast<int>(op.weight.size(0));
  arguments.kernel_width = static_cast<int>(op.weight.size(1));
  arguments.stride_height = static_cast<int>(op.stride[0]);
  arguments.stride_width = static_cast<int>(op.stride[1]);
  arguments.pad_top = static_cast<int>(step.padding.top);
  arguments.pad_left = static_cast<int>(step.padding.left);
  arguments.weight = op.weight.const_data_ptr<float>();
  arguments.bias = DataOrNull(step.bias);
  arguments.low = LowOf(op);
  arguments.high = HighOf(op);
  at::Tensor y =
      at::empty({input.size(0), input.size(1), out_height, out_width},
                options_.memory_format(kChannelsLast));
  GRAPHIQA_CUDA_CHECK(graphiqa::cuda::Depthwise(
      arguments, ElementOf(y), input.const_data_ptr(), y.data_ptr(),
      c10::cuda::getCurrentCUDAStream()));
  return y;
}

at::Tensor CudaPlan::Compute(const Step& step,
                             const std::vector<at::Tensor>& slots) const {
  const PlanOp& op = step.op;
  const at::Tensor& x = slots[static_cast<size_t>(op.inputs[0])];
  if (op.kind == PlanOpKind::kPad) return at::constant_pad_nd(x, op.padding);
  if (op.kind == PlanOpKind::kMaxPool) {
    return at::max_pool2d(x, op.kernel, op.stride, op.padding, op.dilation);
  }
  if (step.depthwise) return Depthwise(step, x);
  return Conv(step, x,
              op.inputs.size() == 1 ? at::Tensor()
                                    : slots[static_cast<size_t>(op.inputs[1])]);
}

void CudaPlan::Pool(const PlanPooling& pooling, const at::Tensor& map,
                    at::Tensor* features) const {
  const at::Tensor pixels = map.contiguous(kChannelsLast);
  PoolArguments arguments;
  arguments.images = static_cast<int>(pixels.size(0));
  arguments.pixels = static_cast<int>(pixels.size(2) * pixels.size(3));
  arguments.channels = static_cast<int>(pixels.size(1));
  arguments.stride = feature_size_;
  arguments.deviation = pooling.deviation;
  GRAPHIQA_CUDA_CHECK(PoolMap(arguments, ElementOf(pixels),
                              pixels.const_data_ptr(),
                              features->data_ptr<float>() + pooling.column,
                              c10::cuda::getCurrentCUDAStream()));
}

at::ScalarType CudaPlan::InputType() const {
  return statistics_ > 0 ? at::kFloat
                         : at::typeMetaToScalarType(options_.dtype());
}

void CudaPlan::AddStatistics(const at::Tensor& images,
                             at::Tensor* features) const {
  const at::Tensor sums = at::empty(
      {images.size(0), StatisticsBytes(static_cast<int>(images.size(2)))},
      options_.dtype(at::kByte));
  StatisticsArguments arguments;
  arguments.images = static_cast<int>(images.size(0));
  arguments.size = static_cast<int>(images.size(2));
  arguments.scale = scale_;
  arguments.stride = feature_size_;
  arguments.sums = sums.data_ptr();
  GRAPHIQA_CUDA_CHECK(PictureStatistics(
      arguments, images.const_data_ptr<float>(),
      features->data_ptr<float>() + feature_size_ - statistics_,
      c10::cuda::getCurrentCUDAStream()));
}

at::Tensor CudaPlan::Features(const at::Tensor& images) const {
  const at::NoGradGuard no_grad;
  at::Tensor features =
      at::empty({images.size(0), feature_size_}, options_.dtype(at::kFloat));
  std::vector<at::Tensor> slots(static_cast<size_t>(slots_));
  if (statistics_ > 0) AddStatistics(images, &features);
  slots[static_cast<size_t>(input_)] =
      images.to(options_.dtype()).contiguous(kChannelsLast);
  for (const Step& step : steps_) {
    at::Tensor result = Compute(step, slots);
    for (const PlanPooling& pooling : step.poolings) {
      Pool(pooling, result, &features);
    }
    slots[static_cast<size_t>(step.op.output)] = std::move(result);
    for (const int slot : step.free) slots[static_cast<size_t>(slot)].reset();
  }
  return features;
}

}  // namespace graphiqa::cuda
