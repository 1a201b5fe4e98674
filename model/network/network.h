// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// The network of GraphIQA (arXiv 2103.07666; released code
/// geekyutao/GraphIQA @727cbef, models/networks.py) for trainer, model files
/// and tests. N images, C node size, K edge code size, P type code size.
#pragma once

#include <torch/nn/module.h>

#include <optional>
#include <string>
#include <vector>

#include "backbone.h"
#include "format/model_info.h"

namespace graphiqa {

/// How the edge code is summarised per node.
enum class EdgeSummary {
  kMean,      ///< mean over j of G(i,j): pretraining
  kDiagonal,  ///< G(i,i): finetuning and inference
};

/// Which graph a batch forms.
enum class GraphForm {
  kBatch,  ///< all N images are nodes of one graph (N^2 edges): training
  kRow,    ///< each image is a graph of its own: inference
};

/// Everything the heads compute. Tensors that a form does not have are
/// undefined. Names as in the golden files.
struct HeadOutputs {
  at::Tensor x;                   ///< [N,C] pooled (or projected) features
  at::Tensor v;                   ///< [N,C] node code
  at::Tensor edge_features;       ///< [N^2,C]; row form: [N,C]
  at::Tensor edge_adjacency;      ///< [N^2,N^2], normalised; batch form only
  at::Tensor edge_code;           ///< [N^2,K]; row form: [N,K]
  at::Tensor edge_summary;        ///< [N,K]
  at::Tensor level_mu, level_s;   ///< [N,1]
  at::Tensor mos_mu, mos_s;       ///< [N,1]
  at::Tensor type_adjacency_raw;  ///< [N,N]; row form: [N,1]
  at::Tensor type_adjacency;      ///< [N,N], normalised; batch form only
  at::Tensor z;                   ///< [N,P]
  at::Tensor type_code;           ///< [P] mean over N; row form: of its rows
  at::Tensor type_logits;         ///< [N,T]
};

/// Symmetric normalisation with self-loops: A = S + I, D^(-1/2) A D^(-1/2).
/// Departure from the released code, which gives NaN for degrees <= 0: degrees
/// are clamped from below to kDegreeFloor.
/// @param adjacency  [M,M] float, without self-loops
at::Tensor NormaliseGraph(const at::Tensor& adjacency);

/// Smallest degree NormaliseGraph() divides by.
inline constexpr double kDegreeFloor = 0.1;

/// The whole network. Its state dict has the reference's names and, for
/// `multi` features, `extractor.projector.*` beside them.
class Network : public torch::nn::Module {
 public:
  /// Random weights: Linear Xavier-uniform with zero bias as the reference,
  /// convolutions Kaiming-normal (seed with torch::manual_seed).
  explicit Network(const ArchitectureInfo& architecture);

  /// @param images  [N,3,H,W] float, RGB, normalised
  /// @returns [N, feature_size] pooled features, before any projection:
  ///   `last`: means of the last stage; `multi`: means, then population
  ///   standard deviations, stage by stage (MultiStages(), then the last)
  at::Tensor Features(const at::Tensor& images);

  /// Pools stage outputs of the backbone as Features() does.
  at::Tensor Pool(const std::vector<at::Tensor>& stages) const;

  /// From pooled features to x: identity for `last`; for `multi` standardised
  /// with stored statistics (deviation floored, result clamped to +-8), then
  /// a linear map to C.
  at::Tensor Project(const at::Tensor& features);

  /// @param x  [N,C] float
  HeadOutputs Heads(const at::Tensor& x, GraphForm form, EdgeSummary summary);

  /// Features(), Project() and Heads().
  HeadOutputs Forward(const at::Tensor& images, GraphForm form,
                      EdgeSummary summary);

  const ArchitectureInfo& architecture() const { return architecture_; }
  Backbone& backbone() { return *backbone_; }

 private:
  ArchitectureInfo architecture_;
  std::shared_ptr<Backbone> backbone_;
  // The heads' submodules are declared by modules.h.
  struct Modules;
  std::shared_ptr<Modules> modules_;
};

}  // namespace graphiqa
