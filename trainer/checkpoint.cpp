// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "checkpoint.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <sstream>

#include "format/safetensors.h"

namespace graphiqa {
namespace {

constexpr const char* kModelPrefix = "model.";
constexpr const char* kAdamPrefix = "adam.";
constexpr const char* kAveragePrefix = "average.";

/// Doubles survive as hexadecimal floats, bit by bit.
std::string Exact(double value) {
  std::ostringstream text;
  text << std::hexfloat << value;
  return text.str();
}

double FromExact(const std::string& text) {
  return std::strtod(text.c_str(), nullptr);
}

DType TypeOf(const at::Tensor& tensor) {
  return tensor.scalar_type() == at::kLong ? DType::kI64 : DType::kF32;
}

void Append(const std::string& prefix, const NamedTensors& from,
            NamedTensors* to) {
  for (const auto& [name, tensor] : from) {
    to->emplace_back(prefix + name, tensor.detach().to(at::kCPU).contiguous());
  }
}

std::map<std::string, at::Tensor> Section(const SafetensorsFile& file,
                                          const std::string& prefix) {
  std::map<std::string, at::Tensor> section;
  for (const TensorView& view : file.tensors()) {
    if (view.name.rfind(prefix, 0) != 0) continue;
    const bool integer = view.dtype == DType::kI64;
    at::Tensor tensor = at::empty(view.shape, integer ? at::kLong : at::kFloat);
    if (!integer && view.dtype != DType::kF32) {
      throw Error(ErrorCode::kFormat,
                  "tensor '" + view.name + "' has type " + NameOf(view.dtype));
    }
    if (view.bytes > 0) std::memcpy(tensor.data_ptr(), view.data, view.bytes);
    section[view.name.substr(prefix.size())] = tensor;
  }
  return section;
}

void RestoreWeights(const std::map<std::string, at::Tensor>& saved,
                    const std::string& path, Network* network) {
  const at::NoGradGuard no_grad;
  for (auto& [name, tensor] : StateDict(*network)) {
    const auto found = saved.find(name);
    if (found == saved.end() || found->second.sizes() != tensor.sizes()) {
      throw Error(ErrorCode::kFormat, path + ": tensor '" + name +
                                          "' is missing or has another "
                                          "shape");
    }
    tensor.copy_(found->second);
  }
}

/// Names the first option that two configurations disagree on.
void RequireSame(const Json& saved, const Json& given,
                 const std::string& where) {
  if (saved == given) return;
  if (saved.IsObject() && given.IsObject()) {
    for (const auto& [key, value] : saved.AsObject()) {
      const Json* other = given.Find(key);
      RequireSame(value, other ? *other : Json(),
                  where.empty() ? key : where + "." + key);
    }
  }
  throw Error(ErrorCode::kUsage, "--resume: option " + where + " was " +
                                     saved.Dump() + " and is now " +
                                     given.Dump());
}

const std::string& Value(const SafetensorsFile& file, const std::string& key,
                         const std::string& path) {
  const auto found = file.metadata().find(key);
  if (found == file.metadata().end()) {
    throw Error(ErrorCode::kFormat,
                path + ": is no training state: '" + key + "' is missing");
  }
  return found->second;
}

}  // namespace

WeightAverage::WeightAverage(double decay, const NamedTensors& parameters)
    : decay_(decay), parameters_(parameters) {
  if (decay_ <= 0) return;
  for (const auto& [name, tensor] : parameters_) {
    shadows_.push_back(tensor.detach().clone());
  }
}

void WeightAverage::Update() {
  const at::NoGradGuard no_grad;
  ++updates_;
  const auto count = static_cast<double>(updates_);
  const double decay = std::min(decay_, (1 + count) / (10 + count));
  for (size_t i = 0; i < shadows_.size(); ++i) {
    shadows_[i].lerp_(parameters_[i].second, 1 - decay);
  }
}

void WeightAverage::Swap() {
  const at::NoGradGuard no_grad;
  for (size_t i = 0; i < shadows_.size(); ++i) {
    at::Tensor parameter = parameters_[i].second;
    const at::Tensor held = parameter.detach().clone();
    parameter.copy_(shadows_[i]);
    shadows_[i].copy_(held);
  }
}

NamedTensors WeightAverage::State() const {
  NamedTensors state;
  for (size_t i = 0; i < shadows_.size(); ++i) {
    state.emplace_back(parameters_[i].first, shadows_[i]);
  }
  state.emplace_back("updates", at::full({}, updates_, at::kLong));
  return state;
}

void WeightAverage::LoadState(const std::map<std::string, at::Tensor>& state) {
  updates_ = state.at("updates").item<int64_t>();
  for (size_t i = 0; i < shadows_.size(); ++i) {
    shadows_[i].copy_(state.at(parameters_[i].first));
  }
}

void SaveState(const std::string& path, const Network& network,
               const AdamW& optimizer, const WeightAverage& average,
               const Progress& progress, const Json& config) {
  NamedTensors tensors;
  Append(kModelPrefix, StateDict(network), &tensors);
  Append(kAdamPrefix, optimizer.State(), &tensors);
  Append(kAveragePrefix, average.State(), &tensors);
  // Large elements first: then every tensor is aligned without gaps.
  std::stable_sort(tensors.begin(), tensors.end(),
                   [](const auto& a, const auto& b) {
                     return a.second.element_size() > b.second.element_size();
                   });
  std::vector<TensorView> views;
  for (const auto& [name, tensor] : tensors) {
    views.push_back({name, TypeOf(tensor), tensor.sizes().vec(),
                     static_cast<const uint8_t*>(tensor.const_data_ptr()),
                     tensor.nbytes()});
  }
  WriteSafetensors(path,
                   {{"epoch", std::to_string(progress.epoch)},
                    {"step", std::to_string(progress.step)},
                    {"loss_sum", Exact(progress.loss_sum)},
                    {"seconds", Exact(progress.seconds)},
                    {"best", Exact(progress.best)},
                    {"rows", ToJson(progress.rows).Dump()},
                    {"config", config.Dump()}},
                   views);
}

Progress LoadState(const std::string& bytes, const std::string& path,
                   Network* network, AdamW* optimizer, WeightAverage* average,
                   const Json& config) {
  const SafetensorsFile file = SafetensorsFile::Parse(
      reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size(), path);
  RequireSame(Json::Parse(Value(file, "config", path), path), config, "");
  RestoreWeights(Section(file, kModelPrefix), path, network);
  optimizer->LoadState(Section(file, kAdamPrefix));
  average->LoadState(Section(file, kAveragePrefix));
  Progress progress;
  progress.epoch = std::stoi(Value(file, "epoch", path));
  progress.step = std::stoul(Value(file, "step", path));
  progress.loss_sum = FromExact(Value(file, "loss_sum", path));
  progress.seconds = FromExact(Value(file, "seconds", path));
  progress.best = FromExact(Value(file, "best", path));
  progress.rows = RowsFromJson(Json::Parse(Value(file, "rows", path), path));
  return progress;
}

}  // namespace graphiqa
