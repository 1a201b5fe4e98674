// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "modules.h"

#include <string>

namespace graphiqa {
namespace {

using torch::nn::Linear;

/// Rows divided by their L2 norm, which counts as at least 1e-12. An all-zero
/// row stays zero and, unlike in the released code, passes no gradient: there
/// it would be multiplied by 1e12.
at::Tensor NormaliseRows(const at::Tensor& x) {
  const at::Tensor norm = at::linalg_vector_norm(x, 2, {1}, true);
  const at::Tensor silent = norm.detach().lt(1e-12);
  return at::where(silent, x.detach(), x) / norm.clamp_min(1e-12);
}

Linear LinearWithoutBias(int64_t in, int64_t out) {
  return Linear(torch::nn::LinearOptions(in, out).bias(false));
}

at::Tensor SummariseEdges(const at::Tensor& edge_code, GraphForm form,
                          EdgeSummary summary) {
  if (form == GraphForm::kRow) return edge_code;
  const int64_t edges = edge_code.size(0);
  int64_t nodes = 1;
  while (nodes * nodes < edges) ++nodes;
  const at::Tensor grid = edge_code.view({nodes, nodes, -1});
  if (summary == EdgeSummary::kMean) return grid.mean(1);
  return grid.diagonal(0, 0, 1).transpose(0, 1).contiguous();
}

}  // namespace

MlpImpl::MlpImpl(const std::vector<int64_t>& sizes) {
  for (size_t i = 0; i + 1 < sizes.size(); ++i) {
    layers_.push_back(
        register_module(std::to_string(2 * i), Linear(sizes[i], sizes[i + 1])));
  }
}

at::Tensor MlpImpl::forward(at::Tensor x) {
  for (size_t i = 0; i < layers_.size(); ++i) {
    x = layers_[i](i == 0 ? x : x.relu());
  }
  return x;
}

GcnImpl::GcnImpl(int64_t in, int64_t out)
    : w1_(register_module("W1", LinearWithoutBias(in, in / 2))),
      w2_(register_module("W2", LinearWithoutBias(in / 2, in / 4))),
      w3_(register_module("W3", LinearWithoutBias(in / 4, out))) {}

at::Tensor GcnImpl::forward(const at::Tensor& x, const at::Tensor& adjacency) {
  const auto spread = [&adjacency](const at::Tensor& y) {
    return adjacency.defined() ? at::mm(adjacency, y) : y;
  };
  const at::Tensor first = w1_(spread(x)).relu();
  const at::Tensor second = w2_(spread(first)).relu();
  return w3_(spread(second));
}

NodeEncoderImpl::NodeEncoderImpl(int64_t node_size)
    : unused_(register_module("gcn", Gcn(node_size, node_size))),
      fc_(register_module("fc", Mlp(std::vector<int64_t>(4, node_size)))) {}

at::Tensor NodeEncoderImpl::forward(const at::Tensor& x) { return fc_(x); }

EdgeEncoderImpl::EdgeEncoderImpl(int64_t node_size, int64_t edge_size)
    : gcn_(register_module("gcn", Gcn(node_size, edge_size))) {}

EdgeOutputs EdgeEncoderImpl::forward(const at::Tensor& x, GraphForm form) {
  EdgeOutputs outputs;
  const at::Tensor unit = NormaliseRows(x);
  if (form == GraphForm::kRow) {
    outputs.features = unit * unit;
  } else {
    // E(i,j) = x_i * x_j in row i * N + j.
    outputs.features =
        (unit.unsqueeze(1) * unit.unsqueeze(0)).reshape({-1, x.size(1)});
    const at::Tensor rows = NormaliseRows(outputs.features);
    outputs.adjacency = NormaliseGraph(at::mm(rows, rows.t()));
  }
  outputs.code = gcn_(outputs.features, outputs.adjacency);
  return outputs;
}

GaussianHeadImpl::GaussianHeadImpl(int64_t node_size, int64_t edge_size) {
  const int64_t in = node_size + edge_size;
  fc_ = register_module("fc", Mlp(std::vector<int64_t>{in, in / 2, 2}));
}

at::Tensor GaussianHeadImpl::forward(const at::Tensor& nodes) {
  return fc_(nodes);
}

TypeEncoderImpl::TypeEncoderImpl(int64_t node_size, int64_t code_size)
    : gcn_(register_module("gcn", Gcn(node_size, code_size))) {}

TypeOutputs TypeEncoderImpl::forward(const at::Tensor& v,
                                     const at::Tensor& edge_code,
                                     GraphForm form) {
  TypeOutputs outputs;
  if (form == GraphForm::kRow) {
    outputs.adjacency_raw = edge_code.mean(1, true);
  } else {
    outputs.adjacency_raw = edge_code.mean(1).view({v.size(0), v.size(0)});
    outputs.adjacency = NormaliseGraph(outputs.adjacency_raw);
  }
  outputs.z = gcn_(v, outputs.adjacency);
  return outputs;
}

DomainLevelGraphImpl::DomainLevelGraphImpl(
    const ArchitectureInfo& architecture) {
  const int64_t node = architecture.node_size;
  const int64_t edge = architecture.edge_size;
  gcn_v_ = register_module("gcn_v", NodeEncoder(node));
  gcn_e_ = register_module("gcn_e", EdgeEncoder(node, edge));
  hyperpred_ = register_module("hyperpred", GaussianHead(node, edge));
  domain_learner_ = register_module("domain_learner",
                                    TypeEncoder(node, architecture.code_size));
}

HeadOutputs DomainLevelGraphImpl::forward(const at::Tensor& x, GraphForm form,
                                          EdgeSummary summary) {
  HeadOutputs outputs;
  outputs.x = x;
  outputs.v = gcn_v_(x);
  const EdgeOutputs edges = gcn_e_(x, form);
  outputs.edge_features = edges.features;
  outputs.edge_adjacency = edges.adjacency;
  outputs.edge_code = edges.code;
  outputs.edge_summary = SummariseEdges(edges.code, form, summary);
  const at::Tensor level =
      hyperpred_(at::cat({outputs.v, outputs.edge_summary}, 1));
  outputs.level_mu = level.narrow(1, 0, 1);
  outputs.level_s = level.narrow(1, 1, 1);
  const TypeOutputs types = domain_learner_(outputs.v, edges.code, form);
  outputs.type_adjacency_raw = types.adjacency_raw;
  outputs.type_adjacency = types.adjacency;
  outputs.z = types.z;
  outputs.type_code = types.z.mean(0);
  return outputs;
}

ProjectorImpl::ProjectorImpl(int64_t feature_size, int64_t node_size)
    : mean_(register_buffer("mean", at::zeros({feature_size}))),
      std_(register_buffer("std", at::ones({feature_size}))),
      weight_(
          register_parameter("weight", at::zeros({node_size, feature_size}))),
      bias_(register_parameter("bias", at::zeros({node_size}))) {}

at::Tensor ProjectorImpl::forward(const at::Tensor& features) {
  const at::Tensor standardised =
      ((features - mean_) / std_.clamp_min(kDeviationFloor))
          .clamp(-kFeatureClamp, kFeatureClamp);
  return at::linear(standardised, weight_, bias_);
}

void ProjectorImpl::SetStatistics(const at::Tensor& mean,
                                  const at::Tensor& deviation) {
  mean_.copy_(mean);
  std_.copy_(deviation.clamp_min(kDeviationFloor));
}

void ProjectorImpl::Restandardise(const at::Tensor& mean,
                                  const at::Tensor& deviation) {
  const at::NoGradGuard no_grad;
  const at::Tensor old_mean = mean_.clone();
  const at::Tensor old_deviation = std_.clamp_min(kDeviationFloor);
  SetStatistics(mean, deviation);
  bias_.add_(at::mv(weight_, (mean_ - old_mean) / old_deviation));
  weight_.mul_(std_ / old_deviation);
}

ExtractorImpl::ExtractorImpl(const ArchitectureInfo& architecture) {
  if (architecture.backbone != kNoBackbone) {
    backbone = FindBackbone(architecture.backbone).make();
    register_module("feature_extractor", backbone);
  }
  if (architecture.features != kLast) {
    projector = register_module(
        "projector",
        Projector(architecture.feature_size, architecture.node_size));
  }
}

}  // namespace graphiqa
