// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "side_nodes.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include <cmath>
#include <map>
#include <string>

#include "error.h"
#include "widen.h"

namespace graphiqa {
namespace {

constexpr const char* kProjector = "extractor.projector.";
constexpr const char* kGraph = "domainlevelgraph.";
/// Of side nodes against others: the edges are made of codes of unit length,
/// which long side nodes would shorten.
constexpr double kSideScale = 0.1;

/// A range of each dimension.
struct Block {
  int64_t row, rows, column, columns;

  at::Tensor Of(const at::Tensor& matrix) const {
    return matrix.narrow(0, row, rows).narrow(1, column, columns);
  }
};

bool StartsWith(const std::string& text, const std::string& start) {
  return text.rfind(start, 0) == 0;
}

void FillXavier(at::Tensor block, double scale) {
  const auto sizes = static_cast<double>(block.size(0) + block.size(1));
  const double bound = scale * std::sqrt(6.0 / sizes);
  block.uniform_(-bound, bound);
}

}  // namespace

void AddSideNodes(int64_t count, Model* model) {
  ArchitectureInfo architecture = model->info.architecture;
  if (architecture.features != kMultiStats) {
    throw Error(ErrorCode::kUsage,
                "--side-nodes: they see the statistics of the picture alone, "
                "which features " +
                    architecture.features +
                    " have not: add --features multi-stats");
  }
  architecture.node_size += count;
  GrowNetwork(architecture, model);
  model->info.heads.type = model->info.heads.level = false;
}

LossOptions TaskLossesOf(const LossOptions& all) {
  LossOptions tasks = all;
  tasks.smooth_l1 = tasks.mse = tasks.plcc = tasks.pair = 0;
  tasks.scale = tasks.nll = tasks.relative = tasks.rank = 0;
  return tasks;
}

SideNodes::SideNodes(Network* network, int64_t count) {
  const ArchitectureInfo& sizes = network->architecture();
  const int64_t nodes = sizes.node_size;
  const int64_t statistics = StatisticsSize(sizes.features);
  first_ = nodes - count;
  const int64_t hidden = (nodes + sizes.edge_size) / 2;
  const Block own{first_, count, first_, count};
  const std::string graph = kGraph;
  const std::map<std::string, Block> parts = {
      {kProjector + std::string("weight"),
       {first_, count, sizes.feature_size - statistics, statistics}},
      {graph + "gcn_v.fc.0.weight", own},
      {graph + "gcn_v.fc.2.weight", own},
      {graph + "gcn_v.fc.4.weight", own},
      {graph + "hyperpred.fc.0.weight", {0, hidden, first_, count}},
      {graph + "domain_learner.gcn.W1.weight", {0, nodes / 2, first_, count}},
  };
  const std::map<std::string, int64_t> ends = {
      {kProjector + std::string("bias"), first_},
      {graph + "gcn_v.fc.0.bias", first_},
      {graph + "gcn_v.fc.2.bias", first_},
      {graph + "gcn_v.fc.4.bias", first_},
  };
  for (auto& item : network->named_parameters()) {
    const std::string& name = item.key();
    const at::Tensor mask = at::zeros_like(item.value()).detach();
    const auto part = parts.find(name);
    const auto end = ends.find(name);
    if (part != parts.end()) {
      part->second.Of(mask).fill_(1);
    } else if (end != ends.end()) {
      mask.slice(0, end->second).fill_(1);
    } else if (StartsWith(name, graph + "hyperpred.") ||
               StartsWith(name, graph + "domain_learner.") ||
               StartsWith(name, "classifier.")) {
      mask.fill_(1);
    } else {
      continue;
    }
    owned_.push_back({name, item.value(), mask, {}});
  }
}

void SideNodes::Initialise() {
  const at::NoGradGuard no_grad;
  for (Owned& owned : owned_) {
    at::Tensor fresh = at::zeros_like(owned.parameter).detach();
    if (fresh.dim() == 2) {
      // The block's own sizes, not those of the whole matrix.
      const at::Tensor rows = at::nonzero(owned.mask.sum(1)).reshape({-1});
      const at::Tensor columns = at::nonzero(owned.mask.sum(0)).reshape({-1});
      const Block block{rows[0].item<int64_t>(), rows.size(0),
                        columns[0].item<int64_t>(), columns.size(0)};
      const bool projects = StartsWith(owned.name, kProjector);
      FillXavier(block.Of(fresh), projects ? kSideScale : 1.0);
    }
    owned.parameter.copy_(at::where(owned.mask > 0, fresh, owned.parameter));
    owned.start = owned.parameter.detach().clone();
  }
}

NamedTensors SideNodes::Parameters() const {
  NamedTensors parameters;
  for (const Owned& owned : owned_) {
    parameters.emplace_back(owned.name, owned.parameter);
  }
  return parameters;
}

void SideNodes::MaskGradients() const {
  for (const Owned& owned : owned_) {
    at::Tensor gradient = owned.parameter.grad();
    if (gradient.defined()) gradient.mul_(owned.mask);
  }
}

void SideNodes::RestoreOthers() const {
  const at::NoGradGuard no_grad;
  for (const Owned& owned : owned_) {
    owned.parameter.copy_(
        at::where(owned.mask > 0, owned.parameter, owned.start));
  }
}

}  // namespace graphiqa
