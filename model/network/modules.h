// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// The building blocks of the network's heads, one class per block. Registered
/// names are those of the released checkpoints (geekyutao/GraphIQA @727cbef,
/// models/networks.py and models/modules.py); the file format depends on them.
/// N images, C node size, K edge code size, P type code size.
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>

#include <vector>

#include "network.h"

namespace graphiqa {

/// Linear layers with a ReLU between them: sizes {a, b, c} make the layers
/// "0" (a to b) and "2" (b to c), as a Sequential with ReLUs would.
class MlpImpl : public torch::nn::Module {
 public:
  explicit MlpImpl(const std::vector<int64_t>& sizes);
  at::Tensor forward(at::Tensor x);

 private:
  std::vector<torch::nn::Linear> layers_;
};
TORCH_MODULE(Mlp);

/// Three graph convolutions without bias, in to in/2 to in/4 to out:
/// W3(A relu(W2(A relu(W1(A x))))).
class GcnImpl : public torch::nn::Module {
 public:
  GcnImpl(int64_t in, int64_t out);

  /// @param x          [M,in]
  /// @param adjacency  [M,M], normalised; undefined = identity, which is what
  ///   graphs of one node each have: then a plain MLP over rows
  at::Tensor forward(const at::Tensor& x, const at::Tensor& adjacency);

 private:
  torch::nn::Linear w1_{nullptr};
  torch::nn::Linear w2_{nullptr};
  torch::nn::Linear w3_{nullptr};
};
TORCH_MODULE(Gcn);

/// `gcn_v`: node code V = fc(X). Its `gcn` exists in the released checkpoints
/// and touches no output; it is kept so that the names agree.
class NodeEncoderImpl : public torch::nn::Module {
 public:
  explicit NodeEncoderImpl(int64_t node_size);
  at::Tensor forward(const at::Tensor& x);  ///< [N,C] to [N,C]

 private:
  Gcn unused_{nullptr};
  Mlp fc_{nullptr};
};
TORCH_MODULE(NodeEncoder);

/// What EdgeEncoder computes; see HeadOutputs for the shapes.
struct EdgeOutputs {
  at::Tensor features;
  at::Tensor adjacency;  ///< undefined in row form
  at::Tensor code;
};

/// `gcn_e`: the edges of the graph and their code G.
class EdgeEncoderImpl : public torch::nn::Module {
 public:
  EdgeEncoderImpl(int64_t node_size, int64_t edge_size);
  EdgeOutputs forward(const at::Tensor& x, GraphForm form);

 private:
  Gcn gcn_{nullptr};
};
TORCH_MODULE(EdgeEncoder);

/// A Gaussian per image: mean and (signed) scale of a level or a MOS.
class GaussianHeadImpl : public torch::nn::Module {
 public:
  GaussianHeadImpl(int64_t node_size, int64_t edge_size);

  /// @param nodes  [N, C+K], node code and edge summary side by side
  /// @returns [N,2]: mu, s
  at::Tensor forward(const at::Tensor& nodes);

 private:
  Mlp fc_{nullptr};
};
TORCH_MODULE(GaussianHead);

/// What TypeEncoder computes; see HeadOutputs for the shapes.
struct TypeOutputs {
  at::Tensor adjacency_raw;
  at::Tensor adjacency;  ///< undefined in row form
  at::Tensor z;
};

/// `domain_learner`: the type graph over the nodes and its code Z.
class TypeEncoderImpl : public torch::nn::Module {
 public:
  TypeEncoderImpl(int64_t node_size, int64_t code_size);

  /// @param v          [N,C] node code
  /// @param edge_code  [N^2,K], row form [N,K]
  TypeOutputs forward(const at::Tensor& v, const at::Tensor& edge_code,
                      GraphForm form);

 private:
  Gcn gcn_{nullptr};
};
TORCH_MODULE(TypeEncoder);

/// `domainlevelgraph`: everything of the paper's pretraining but the
/// classifier.
class DomainLevelGraphImpl : public torch::nn::Module {
 public:
  explicit DomainLevelGraphImpl(const ArchitectureInfo& architecture);

  /// Fills all of HeadOutputs but the MOS and the type logits.
  HeadOutputs forward(const at::Tensor& x, GraphForm form, EdgeSummary summary);

 private:
  NodeEncoder gcn_v_{nullptr};
  EdgeEncoder gcn_e_{nullptr};
  GaussianHead hyperpred_{nullptr};
  TypeEncoder domain_learner_{nullptr};
};
TORCH_MODULE(DomainLevelGraph);

/// `extractor.projector`: from features of several stages to a node size.
/// Buffers `mean` and `std` [F], then `weight` [C,F] and `bias` [C].
class ProjectorImpl : public torch::nn::Module {
 public:
  ProjectorImpl(int64_t feature_size, int64_t node_size);
  at::Tensor forward(const at::Tensor& features);  ///< [N,F] to [N,C]
  void SetStatistics(const at::Tensor& mean, const at::Tensor& deviation);
  void Restandardise(const at::Tensor& mean, const at::Tensor& deviation);

 private:
  at::Tensor mean_;
  at::Tensor std_;
  at::Tensor weight_;
  at::Tensor bias_;
};
TORCH_MODULE(Projector);

/// `extractor`: the backbone as `feature_extractor` and, unless features are
/// `last`, the projector.
class ExtractorImpl : public torch::nn::Module {
 public:
  explicit ExtractorImpl(const ArchitectureInfo& architecture);

  std::shared_ptr<Backbone> backbone;
  Projector projector{nullptr};  ///< empty for features `last`
};
TORCH_MODULE(Extractor);

}  // namespace graphiqa
