// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>
#include <dlfcn.h>

#include <cstdio>
#include <cstring>

#include "command.h"
#include "engine/cuda_loader.h"
#include "network/model_file.h"
#include "tensor_file.h"
#include "values.h"

namespace graphiqa {
namespace {

/// The batch form holds [N^2,N^2] values: 400 MB at this many.
constexpr int64_t kMaxBatchGraph = 100;
constexpr int64_t kMinImageSide = 32;

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

ProgramSpec Spec() {
  ProgramSpec spec;
  spec.name = "gq-model trace";
  spec.synopsis = "[OPTION]… MODEL IN OUT";
  spec.about =
      "Runs a model and writes every intermediate tensor as fp32 safetensors. "
      "MODEL is a model file, or a state dict (safetensors or .pth) whose "
      "sizes are read from its tensors; heads alone will do for features. IN "
      "is a safetensors file with `images` [N,3,H,W], normalised, or "
      "`features` [N,C,h,w], which are pooled by their mean.";
  spec.options = {
      {"--device", "NAME", "cpu or cuda (default cpu).", ""},
      {"--precision", "TYPE",
       "fp32, or bf16: convolutions and matrix products in bf16 (default "
       "fp32).",
       ""},
      {"--form", "FORM",
       "row: each image is a graph of its own; batch: all are the nodes of "
       "one graph, 100 at most (default row).",
       ""},
      {"--mode", "MODE",
       "finetune: edge summary G(i,i); pretrain: mean over j of G(i,j) "
       "(default finetune). The same for one image.",
       ""},
  };
  spec.epilog =
      "Names in OUT: stem, stage1, … (given images), x, v, edge_features,\n"
      "edge_adjacency, edge_code, edge_summary, level_mu, level_s, mos_mu,\n"
      "mos_s, type_adjacency_raw, type_adjacency, z, type_code, type_logits.\n"
      "The two adjacencies exist in the batch form only.\n";
  return spec;
}

/// LibTorch's CUDA part is loaded on demand: programs link its CPU part only.
at::Device OpenDevice(const std::string& name) {
  if (name == "cpu") return at::kCPU;
  if (CudaDeviceCount() == 0) {
    throw Error(ErrorCode::kDevice,
                "no CUDA: there is no NVIDIA driver or no device");
  }
  if (dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) == nullptr) {
    const char* const why = dlerror();
    throw Error(ErrorCode::kDevice,
                std::string("no CUDA: ") + (why == nullptr ? "unknown" : why));
  }
  if (!at::hasCUDA() || at::detail::getCUDAHooks().deviceCount() == 0) {
    throw Error(ErrorCode::kDevice, "no CUDA: LibTorch finds no device");
  }
  // TF32 keeps ten bits of mantissa: no fp32.
  at::globalContext().setAllowTF32CuBLAS(false);
  at::globalContext().setAllowTF32CuDNN(false);
  return {at::kCUDA, 0};
}

Model OpenNetwork(const std::string& path) {
  const TensorFile file = OpenTensorFile(path);
  if (file.info) return LoadModel(path);
  Model model;
  try {
    model.info.architecture = DeduceArchitecture(file.tensors);
  } catch (const Error& error) {
    throw Error(error.code(),
                path + ": no GraphIQA state dict: " + error.what());
  }
  model.network = std::make_shared<Network>(model.info.architecture,
                                            Weights::kUninitialised);
  LoadStateDict(*model.network, file.tensors, path);
  model.network->eval();
  return model;
}

/// What the network is run on; one of the two is undefined.
struct Input {
  at::Tensor images;    ///< [N,3,H,W] float32
  at::Tensor features;  ///< [N,C,h,w] float32
};

at::Tensor ReadTensor(const TensorView& view, const std::string& path) {
  if (view.shape.size() != 4 || !IsFloat(view.dtype) || view.bytes == 0) {
    throw Error(ErrorCode::kShape, path + ": `" + view.name + "` is " +
                                       NameOf(view.dtype) +
                                       ShapeText(view.shape) +
                                       ", floats with four dimensions wanted");
  }
  const TensorRecord record = ToFloat32(view);
  at::Tensor tensor = at::empty(record.shape, at::kFloat);
  std::memcpy(tensor.data_ptr(), record.data.data(), record.data.size());
  return tensor;
}

Input ReadInput(const std::string& path) {
  const SafetensorsFile file = SafetensorsFile::Open(path);
  const TensorView* images = file.Find("images");
  const TensorView* features = file.Find("features");
  if ((images == nullptr) == (features == nullptr)) {
    throw Error(ErrorCode::kFormat,
                path + ": must hold either `images` or `features`");
  }
  Input input;
  if (features != nullptr) {
    input.features = ReadTensor(*features, path);
    return input;
  }
  input.images = ReadTensor(*images, path);
  if (input.images.size(1) != 3 || input.images.size(2) < kMinImageSide ||
      input.images.size(3) < kMinImageSide) {
    throw Error(ErrorCode::kShape, path + ": `images` is " +
                                       ShapeText(images->shape) +
                                       ", [N,3,H,W] of at least 32 by 32 "
                                       "wanted");
  }
  return input;
}

/// x [N,C] of the input; stages of the backbone are added to `traced`.
at::Tensor NodeFeatures(Network& network, const Input& input,
                        NamedTensors* traced) {
  if (input.features.defined()) {
    const int64_t wanted = network.architecture().feature_size;
    if (input.features.size(1) != wanted) {
      throw Error(ErrorCode::kShape,
                  "`features` has " + std::to_string(input.features.size(1)) +
                      " channels, the model needs " + std::to_string(wanted));
    }
    return network.Project(input.features.mean({2, 3}));
  }
  if (!network.has_backbone()) {
    throw Error(ErrorCode::kShape,
                "the model has heads alone: `features` wanted, not `images`");
  }
  const std::vector<at::Tensor> stages =
      network.backbone().Forward(input.images);
  const std::vector<std::string> names = network.backbone().StageNames();
  for (size_t i = 0; i < stages.size(); ++i) {
    traced->emplace_back(names[i], stages[i]);
  }
  return network.Project(
      network.WithStatistics(network.Pool(stages), input.images));
}

NamedTensors Trace(Network& network, const Input& input, GraphForm form,
                   EdgeSummary summary) {
  NamedTensors traced;
  const at::Tensor x = NodeFeatures(network, input, &traced);
  if (form == GraphForm::kBatch && x.size(0) > kMaxBatchGraph) {
    throw Error(ErrorCode::kUsage, "the batch form takes 100 images at most, " +
                                       std::to_string(x.size(0)) + " given");
  }
  for (auto& item : NamedOutputs(network.Heads(x, form, summary))) {
    traced.push_back(std::move(item));
  }
  for (auto& [name, tensor] : traced) {
    tensor = tensor.to(at::kCPU, at::kFloat).contiguous();
  }
  return traced;
}

/// Convolutions and products in bf16 as long as it lives.
class Bf16Scope {
 public:
  Bf16Scope(at::DeviceType device, bool enabled)
      : device_(device), before_(at::autocast::is_autocast_enabled(device)) {
    at::autocast::set_autocast_dtype(device, at::kBFloat16);
    at::autocast::set_autocast_enabled(device, enabled);
  }
  ~Bf16Scope() {
    at::autocast::set_autocast_enabled(device_, before_);
    at::autocast::clear_cache();
  }
  Bf16Scope(const Bf16Scope&) = delete;
  Bf16Scope& operator=(const Bf16Scope&) = delete;

 private:
  at::DeviceType device_;
  bool before_;
};

int RunTraceOn(const Arguments& arguments) {
  const std::vector<std::string>& files = RequireFiles(arguments, 3);
  const bool bf16 =
      arguments.GetChoice("--precision", "fp32", {"fp32", "bf16"}) == "bf16";
  const std::string form =
      arguments.GetChoice("--form", "row", {"row", "batch"});
  const std::string mode =
      arguments.GetChoice("--mode", "finetune", {"finetune", "pretrain"});
  const at::Device device =
      OpenDevice(arguments.GetChoice("--device", "cpu", {"cpu", "cuda"}));
  const Model model = OpenNetwork(files[0]);
  Input input = ReadInput(files[1]);
  const at::NoGradGuard no_grad;
  model.network->to(device);
  if (input.images.defined()) input.images = input.images.to(device);
  if (input.features.defined()) input.features = input.features.to(device);
  const Bf16Scope precision(device.type(), bf16);
  const NamedTensors traced =
      Trace(*model.network, input,
            form == "batch" ? GraphForm::kBatch : GraphForm::kRow,
            mode == "pretrain" ? EdgeSummary::kMean : EdgeSummary::kDiagonal);
  std::vector<TensorView> views;
  for (const auto& [name, tensor] : traced) {
    views.push_back({name, DType::kF32, tensor.sizes().vec(),
                     static_cast<const uint8_t*>(tensor.const_data_ptr()),
                     tensor.nbytes()});
  }
  WriteSafetensors(files[2],
                   {{"form", form},
                    {"mode", mode},
                    {"precision", bf16 ? "bf16" : "fp32"},
                    {"device", device.str()}},
                   views);
  std::printf("%s: written, %zu tensors\n", files[2].c_str(), views.size());
  return kExitOk;
}

/// LibTorch's messages go on for many lines; the first says what is wrong.
int TraceOrExplain(const Arguments& arguments) {
  try {
    return RunTraceOn(arguments);
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    throw Error(ErrorCode::kDevice, text.substr(0, text.find('\n')));
  }
}

}  // namespace

int RunTrace(const std::vector<std::string>& arguments) {
  return RunProgram(Spec(), arguments, TraceOrExplain);
}

}  // namespace graphiqa
