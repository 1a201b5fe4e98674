// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "network.h"

#include <c10/core/InferenceMode.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>

#include "error.h"
#include "modules.h"
#include "picture_statistics.h"
#include "pooling.h"

namespace graphiqa {
namespace {

[[noreturn]] void ThrowUsage(const std::string& message) {
  throw Error(ErrorCode::kUsage, message);
}

void CheckRange(const char* field, int64_t value, int64_t low, int64_t high) {
  if (value >= low && value <= high) return;
  ThrowUsage(std::string(field) + " is " + std::to_string(value) +
             ", must be within " + std::to_string(low) + " and " +
             std::to_string(high));
}

/// Sums over many pixels need more than bfloat16's eight bits.
at::Tensor Widened(const at::Tensor& map) {
  return map.scalar_type() == at::kBFloat16 ? map.to(at::kFloat) : map;
}

/// Means over the pixels of each channel, [N,c].
at::Tensor Mean(const at::Tensor& map) { return Widened(map).mean({2, 3}); }

void CheckKnown(const std::string& features) {
  std::string known;
  for (const std::string& kind : FeatureKinds()) {
    if (kind == features) return;
    known += (known.empty() ? "" : ", ") + kind;
  }
  ThrowUsage("unknown features '" + features + "'; known: " + known);
}

void InitialiseConv(torch::nn::Module* module) {
  auto* conv = module->as<torch::nn::Conv2d>();
  if (conv == nullptr) return;
  torch::nn::init::kaiming_normal_(conv->weight, 0, torch::kFanOut,
                                   torch::kReLU);
}

void AppendState(const torch::nn::Module& module, const std::string& prefix,
                 std::vector<std::pair<std::string, at::Tensor>>* state) {
  for (const auto& item : module.named_parameters(false)) {
    state->emplace_back(prefix + item.key(), item.value());
  }
  for (const auto& item : module.named_buffers(false)) {
    state->emplace_back(prefix + item.key(), item.value());
  }
  for (const auto& child : module.named_children()) {
    AppendState(*child.value(), prefix + child.key() + ".", state);
  }
}

}  // namespace

struct Network::Modules {
  Extractor extractor{nullptr};
  DomainLevelGraph graph{nullptr};
  Mlp predictor{nullptr};  // unused, kept for the names
  GaussianHead mos{nullptr};
  torch::nn::Linear classifier{nullptr};
};

Network::Network(const ArchitectureInfo& architecture, Weights weights)
    : architecture_(architecture), modules_(std::make_shared<Modules>()) {
  CheckArchitecture(architecture);
  const int64_t node = architecture.node_size;
  Modules& m = *modules_;
  m.extractor = register_module("extractor", Extractor(architecture));
  m.graph = register_module("domainlevelgraph", DomainLevelGraph(architecture));
  m.predictor = register_module("predictor",
                                Mlp(std::vector<int64_t>{node, node / 2, 1}));
  m.mos = register_module("hyperpredmos",
                          GaussianHead(node, architecture.edge_size));
  m.classifier = register_module(
      "classifier",
      torch::nn::Linear(architecture.code_size,
                        static_cast<int64_t>(architecture.types.size())));
  if (weights == Weights::kRandom) Initialise();
}

void Network::Initialise() {
  for (const auto& item : named_parameters()) {
    const bool backbone =
        item.key().rfind("extractor.feature_extractor.", 0) == 0;
    if (backbone) continue;
    if (item.value().dim() == 2) {
      torch::nn::init::xavier_uniform_(item.value());
    } else {
      torch::nn::init::zeros_(item.value());
    }
  }
  for (const auto& module : modules(false)) InitialiseConv(module.get());
}

bool Network::has_backbone() const {
  return modules_->extractor->backbone != nullptr;
}

Backbone& Network::backbone() {
  if (!has_backbone()) ThrowUsage("the network has heads only, no backbone");
  return *modules_->extractor->backbone;
}

at::Tensor Network::Pool(const std::vector<at::Tensor>& stages) const {
  if (architecture_.features == kLast) return Mean(stages.back());
  std::vector<at::Tensor> parts;
  for (const size_t index : modules_->extractor->backbone->MultiStages()) {
    parts.push_back(MeanAndDeviation(stages.at(index)));
  }
  parts.push_back(MeanAndDeviation(stages.back()));
  return at::cat(parts, 1);
}

at::Tensor Network::StageFeatures(const at::Tensor& images) {
  return Pool(backbone().Forward(images));
}

at::Tensor Network::WithStatistics(const at::Tensor& pooled,
                                   const at::Tensor& images) const {
  if (architecture_.features != kMultiStats) return pooled;
  const at::Tensor statistics =
      PictureStatistics(images, ColourScaleOf(architecture_));
  return at::cat({pooled, statistics.to(pooled.device())}, 1);
}

at::Tensor Network::Features(const at::Tensor& images) {
  return WithStatistics(StageFeatures(images), images);
}

at::Tensor Network::Project(const at::Tensor& features) {
  Projector& projector = modules_->extractor->projector;
  return projector.is_empty() ? features : projector(features);
}

void Network::SetFeatureStatistics(const at::Tensor& mean,
                                   const at::Tensor& deviation) {
  Projector& projector = modules_->extractor->projector;
  if (projector.is_empty()) {
    ThrowUsage("features 'last' are not standardised");
  }
  projector->SetStatistics(mean, deviation);
}

void Network::Restandardise(const at::Tensor& mean,
                            const at::Tensor& deviation) {
  Projector& projector = modules_->extractor->projector;
  if (projector.is_empty()) {
    ThrowUsage("features 'last' are not standardised");
  }
  projector->Restandardise(mean, deviation);
}

HeadOutputs Network::Heads(const at::Tensor& x, GraphForm form,
                           EdgeSummary summary) {
  HeadOutputs outputs = modules_->graph(x, form, summary);
  const at::Tensor mos =
      modules_->mos(at::cat({outputs.v, outputs.edge_summary}, 1));
  outputs.mos_mu = mos.narrow(1, 0, 1);
  outputs.mos_s = mos.narrow(1, 1, 1);
  outputs.type_logits = modules_->classifier(outputs.z);
  return outputs;
}

HeadOutputs Network::Forward(const at::Tensor& images, GraphForm form,
                             EdgeSummary summary) {
  return Heads(Project(Features(images)), form, summary);
}

at::Tensor NormaliseGraph(const at::Tensor& adjacency) {
  const at::Tensor with_loops =
      adjacency + at::eye(adjacency.size(0), adjacency.options());
  const at::Tensor scale = with_loops.sum(1).clamp_min(kDegreeFloor).rsqrt();
  return scale.unsqueeze(1) * with_loops * scale.unsqueeze(0);
}

std::vector<std::pair<std::string, at::Tensor>> NamedOutputs(
    const HeadOutputs& outputs) {
  std::vector<std::pair<std::string, at::Tensor>> named = {
      {"x", outputs.x},
      {"v", outputs.v},
      {"edge_features", outputs.edge_features},
      {"edge_adjacency", outputs.edge_adjacency},
      {"edge_code", outputs.edge_code},
      {"edge_summary", outputs.edge_summary},
      {"level_mu", outputs.level_mu},
      {"level_s", outputs.level_s},
      {"mos_mu", outputs.mos_mu},
      {"mos_s", outputs.mos_s},
      {"type_adjacency_raw", outputs.type_adjacency_raw},
      {"type_adjacency", outputs.type_adjacency},
      {"z", outputs.z},
      {"type_code", outputs.type_code},
      {"type_logits", outputs.type_logits}};
  std::vector<std::pair<std::string, at::Tensor>> defined;
  for (auto& item : named) {
    if (item.second.defined()) defined.push_back(std::move(item));
  }
  return defined;
}

void CheckArchitecture(const ArchitectureInfo& architecture) {
  CheckRange("node size", architecture.node_size, 4, 8192);
  CheckRange("edge size", architecture.edge_size, 1, 4096);
  CheckRange("code size", architecture.code_size, 1, 4096);
  CheckRange("number of types", static_cast<int64_t>(architecture.types.size()),
             1, 1024);
  CheckKnown(architecture.features);
  const bool last = architecture.features == kLast;
  if (architecture.backbone == kNoBackbone && !last) {
    ThrowUsage("features '" + architecture.features + "' need a backbone");
  }
  const int64_t wanted =
      architecture.backbone == kNoBackbone
          ? architecture.node_size
          : FeatureSize(architecture.backbone, architecture.features);
  CheckRange("feature size", architecture.feature_size, wanted, wanted);
  if (last) {
    CheckRange("node size with features 'last'", architecture.node_size, wanted,
               wanted);
  }
}

int64_t StatisticsSize(const std::string& features) {
  return features == kMultiStats ? kPictureStatistics : 0;
}

int64_t FeatureSize(const std::string& backbone, const std::string& features) {
  const BackboneEntry& entry = FindBackbone(backbone);
  return features == kLast ? entry.last_size
                           : entry.multi_size + StatisticsSize(features);
}

ColourScale ColourScaleOf(const ArchitectureInfo& architecture) {
  const BackboneEntry& entry = FindBackbone(architecture.backbone);
  return {entry.mean, entry.std};
}

ArchitectureInfo MakeArchitecture(const std::string& backbone,
                                  const std::string& features,
                                  int64_t node_size, int64_t edge_size,
                                  int64_t code_size,
                                  const std::vector<std::string>& types) {
  CheckKnown(features);
  ArchitectureInfo architecture;
  architecture.backbone = backbone;
  architecture.features = features;
  architecture.feature_size = FeatureSize(backbone, features);
  architecture.node_size =
      node_size == 0 ? architecture.feature_size : node_size;
  architecture.edge_size = edge_size;
  architecture.code_size = code_size;
  architecture.types = types;
  CheckArchitecture(architecture);
  return architecture;
}

std::vector<std::pair<std::string, at::Tensor>> StateDict(
    const torch::nn::Module& module) {
  std::vector<std::pair<std::string, at::Tensor>> state;
  AppendState(module, "", &state);
  return state;
}

}  // namespace graphiqa
