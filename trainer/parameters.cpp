// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "parameters.h"

#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <dlfcn.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/nn/modules/batchnorm.h>

#include "error.h"

namespace graphiqa {
namespace {

constexpr const char* kBackbonePrefix = "extractor.feature_extractor.";
constexpr const char* kCudaLibrary = "libtorch_cuda.so";

at::Device BackboneDevice(Network& network) {
  return network.backbone().parameters().front().device();
}

/// LibTorch's CUDA half, which registers itself; a program that computes on the
/// CPU does without.
void LoadCuda() {
  if (dlopen(kCudaLibrary, RTLD_NOW | RTLD_GLOBAL) == nullptr) {
    const char* why = dlerror();
    throw Error(ErrorCode::kDevice,
                std::string("--device cuda: LibTorch's CUDA library cannot be "
                            "loaded: ") +
                    (why ? why : kCudaLibrary));
  }
  if (!at::globalContext().hasCUDA()) {
    throw Error(ErrorCode::kDevice, "--device cuda: there is no CUDA device");
  }
  at::globalContext().setBenchmarkCuDNN(true);
}

void RequireGpu(int gpu) {
  const int there = at::detail::getCUDAHooks().deviceCount();
  if (gpu < there) return;
  throw Error(ErrorCode::kDevice, "there is no GPU " + std::to_string(gpu) +
                                      ": this machine has " +
                                      std::to_string(there));
}

/// Finds the parameters of the first stages through the gradient of what they
/// put out.
void FreezeStages(int count, Network* network) {
  const int side = 64;
  const auto stages = network->backbone().Forward(at::zeros(
      {1, 3, side, side}, at::TensorOptions(BackboneDevice(*network))));
  const auto stage = static_cast<size_t>(count) - 1;
  if (stage >= stages.size()) {
    throw Error(ErrorCode::kUsage, "--freeze-stages " + std::to_string(count) +
                                       ": the backbone has " +
                                       std::to_string(stages.size()) +
                                       " stages");
  }
  std::vector<at::Tensor> inputs;
  for (const auto& item : ParametersOf(network, true)) {
    inputs.push_back(item.second);
  }
  const auto gradients =
      torch::autograd::grad({stages[stage].sum()}, inputs, {}, false, false,
                            /*allow_unused=*/true);
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (gradients[i].defined()) inputs[i].requires_grad_(false);
  }
}

void TrainNormsOnly(Network* network) {
  for (auto& item : ParametersOf(network, true)) {
    item.second.requires_grad_(false);
  }
  for (const auto& module : network->backbone().modules()) {
    auto* norm = module->as<torch::nn::BatchNorm2d>();
    if (norm == nullptr) continue;
    norm->weight.requires_grad_(true);
    norm->bias.requires_grad_(true);
  }
}

}  // namespace

NamedTensors ParametersOf(Network* network, bool backbone) {
  NamedTensors parameters;
  for (const auto& item : network->named_parameters()) {
    if ((item.key().rfind(kBackbonePrefix, 0) == 0) == backbone) {
      parameters.emplace_back(item.key(), item.value());
    }
  }
  return parameters;
}

void Freeze(const OptimiserOptions& options, Network* network) {
  network->eval();
  if (!network->has_backbone()) return;
  switch (options.backbone) {
    case BackboneMode::kWhole:
      if (options.freeze_stages > 0) {
        FreezeStages(options.freeze_stages, network);
      }
      break;
    case BackboneMode::kNorm:
      TrainNormsOnly(network);
      break;
    case BackboneMode::kNone:
      for (auto& item : ParametersOf(network, true)) {
        item.second.requires_grad_(false);
      }
      break;
  }
  if (options.norm == NormMode::kTrain) network->backbone().train();
}

NamedTensors TrainedParameters(Network* network) {
  NamedTensors trained;
  for (bool backbone : {false, true}) {
    for (auto& item : ParametersOf(network, backbone)) {
      if (item.second.requires_grad()) trained.push_back(std::move(item));
    }
  }
  return trained;
}

std::unique_ptr<AdamW> MakeOptimiser(const OptimiserOptions& options,
                                     Network* network) {
  ParameterGroup heads{{}, options.rate, options.weight_decay};
  ParameterGroup backbone{{}, options.backbone_rate, options.weight_decay};
  for (auto& item : TrainedParameters(network)) {
    const bool in_backbone = item.first.rfind(kBackbonePrefix, 0) == 0;
    (in_backbone ? backbone : heads).parameters.push_back(std::move(item));
  }
  return std::make_unique<AdamW>(
      std::vector<ParameterGroup>{std::move(heads), std::move(backbone)});
}

EvaluationMode::EvaluationMode(Network* network)
    : network_(network),
      trains_(network->has_backbone() && network->backbone().is_training()) {
  network_->eval();
}

EvaluationMode::~EvaluationMode() {
  if (trains_) network_->backbone().train();
}

void MoveBackbone(const RunOptions& run, int local_rank, Network* network) {
  if (run.device == "cpu") return;
  LoadCuda();
  const auto place = static_cast<size_t>(local_rank);
  const int gpu =
      run.gpus.empty() ? local_rank : run.gpus[place % run.gpus.size()];
  RequireGpu(gpu);
  network->backbone().to(
      at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(gpu)));
}

void RequireGpus(const RunOptions& run) {
  if (run.gpus.empty()) return;
  LoadCuda();
  for (int gpu : run.gpus) RequireGpu(gpu);
}

at::Tensor BackboneFeatures(Network* network, const at::Tensor& images,
                            bool bf16) {
  const at::Tensor input =
      images.to(BackboneDevice(*network), bf16 ? at::kBFloat16 : at::kFloat);
  return network->WithStatistics(network->StageFeatures(input).to(at::kCPU),
                                 images);
}

at::Tensor Encode(Network* network, const at::Tensor& images, bool bf16) {
  if (!network->has_backbone()) return network->Pool({images});
  return network->Project(BackboneFeatures(network, images, bf16));
}

}  // namespace graphiqa
