// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// The network of GraphIQA (arXiv 2103.07666; released code
/// geekyutao/GraphIQA @727cbef, models/networks.py) for trainer, model files
/// and tests. N images, C node size, K edge code size, P type code size.
#pragma once

#include <torch/nn/module.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "backbone.h"
#include "format/model_info.h"
#include "picture_statistics.h"

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

/// The defined tensors of `outputs` under the names of the golden files ("x",
/// "v", "edge_features", …, in the order of the struct).
std::vector<std::pair<std::string, at::Tensor>> NamedOutputs(
    const HeadOutputs& outputs);

/// Symmetric normalisation with self-loops: A = S + I, D^(-1/2) A D^(-1/2).
/// Departure from the released code, which gives NaN for degrees <= 0: degrees
/// are clamped from below to kDegreeFloor.
/// @param adjacency  [M,M] float, without self-loops
at::Tensor NormaliseGraph(const at::Tensor& adjacency);

/// Smallest degree NormaliseGraph() divides by.
inline constexpr double kDegreeFloor = 0.1;

/// Smallest standard deviation that `multi` features are divided by, and the
/// bound of the quotient: a feature that hardly varies in training must not
/// blow up on other pictures.
inline constexpr double kDeviationFloor = 1e-3;
inline constexpr double kFeatureClamp = 8.0;

/// ArchitectureInfo::backbone of a network of heads alone.
inline constexpr const char* kNoBackbone = "none";

/// What a new network starts from.
enum class Weights {
  kRandom,         ///< see Network()
  kUninitialised,  ///< will be loaded: the random start above is skipped
};

/// The whole network. Its state dict has the reference's names and, for
/// `multi` features, `extractor.projector.*` beside them.
class Network : public torch::nn::Module {
 public:
  /// Random weights: Linear Xavier-uniform with zero bias as the reference,
  /// convolutions Kaiming-normal (seed with torch::manual_seed).
  /// @throws Error(kUsage) when the backbone is unknown or sizes do not fit
  ///   together; see CheckArchitecture()
  explicit Network(const ArchitectureInfo& architecture,
                   Weights weights = Weights::kRandom);

  /// @param images  [N,3,H,W] float, RGB, normalised
  /// @returns [N, feature_size] pooled features, before any projection:
  ///   `last`: means of the last stage; `multi`: stage by stage
  ///   (MultiStages(), then the last) its means, then its population standard
  ///   deviations; `multi-stats`: those, then PictureStatistics()
  at::Tensor Features(const at::Tensor& images);

  /// The part of Features() that the backbone computes; images of the type and
  /// on the device that it computes with.
  at::Tensor StageFeatures(const at::Tensor& images);

  /// Completes StageFeatures() to Features().
  /// @param images  as for Features(): of the pixels' full precision
  at::Tensor WithStatistics(const at::Tensor& pooled,
                            const at::Tensor& images) const;

  /// Pools stage outputs of the backbone as StageFeatures() does. A network
  /// without backbone takes one map, [N,C,h,w].
  at::Tensor Pool(const std::vector<at::Tensor>& stages) const;

  /// From pooled features to x: identity for `last`; else standardised
  /// with stored statistics (deviation floored to kDeviationFloor, result
  /// clamped to +-kFeatureClamp), then a linear map to C.
  at::Tensor Project(const at::Tensor& features);

  /// Stores the statistics that Project() standardises with, both
  /// [feature_size] float; deviations below kDeviationFloor are raised to it.
  /// @throws Error(kUsage) when the features are `last`
  void SetFeatureStatistics(const at::Tensor& mean,
                            const at::Tensor& deviation);

  /// The same, with the linear map changed along: what Project() gives stays
  /// as it is, but for features that were clamped or are now.
  /// @throws Error(kUsage) when the features are `last`
  void Restandardise(const at::Tensor& mean, const at::Tensor& deviation);

  /// @param x  [N,C] float, N >= 1
  HeadOutputs Heads(const at::Tensor& x, GraphForm form, EdgeSummary summary);

  /// Features(), Project() and Heads().
  HeadOutputs Forward(const at::Tensor& images, GraphForm form,
                      EdgeSummary summary);

  const ArchitectureInfo& architecture() const { return architecture_; }
  bool has_backbone() const;

  /// @throws Error(kUsage) when the network has none
  Backbone& backbone();

 private:
  void Initialise();

  ArchitectureInfo architecture_;
  // The heads' submodules are declared by modules.h.
  struct Modules;
  std::shared_ptr<Modules> modules_;
};

/// Checks that the sizes fit together and are within bounds (node size 4 …
/// 8192, edge and code size 1 … 4096, 1 … 1024 types) before anything is
/// allocated.
/// @throws Error(kUsage) naming the field
void CheckArchitecture(const ArchitectureInfo& architecture);

/// Values that a backbone's pictures are described by.
/// @throws Error(kUsage) when the backbone is unknown
int64_t FeatureSize(const std::string& backbone, const std::string& features);

/// How many of them PictureStatistics() gives: the last ones.
int64_t StatisticsSize(const std::string& features);

/// What pictures of a network with a backbone are normalised with.
ColourScale ColourScaleOf(const ArchitectureInfo& architecture);

/// An architecture with the right feature size.
/// @param features   one of FeatureKinds()
/// @param node_size  0 = the feature size; "last" allows nothing else
ArchitectureInfo MakeArchitecture(const std::string& backbone,
                                  const std::string& features,
                                  int64_t node_size, int64_t edge_size,
                                  int64_t code_size,
                                  const std::vector<std::string>& types);

/// Parameters and buffers in the order of PyTorch's state_dict(): of each
/// module first its parameters, then its buffers, then its children's. The
/// tensors share memory with the module.
std::vector<std::pair<std::string, at::Tensor>> StateDict(
    const torch::nn::Module& module);

}  // namespace graphiqa
