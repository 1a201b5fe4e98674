// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "plan_layout.h"

namespace graphiqa {

std::vector<std::vector<PlanPooling>> PoolingsByOp(Network& network,
                                                   const PlanGraph& graph) {
  const ArchitectureInfo& architecture = network.architecture();
  const bool multi = architecture.features != kLast;
  std::vector<size_t> chosen;
  if (multi) chosen = network.backbone().MultiStages();
  chosen.push_back(graph.stages.size() - 1);
  const std::vector<int64_t> channels = network.backbone().StageChannels();
  std::vector<std::vector<PlanPooling>> poolings(graph.ops.size());
  int64_t column = 0;
  for (const size_t stage : chosen) {
    for (size_t i = 0; i < graph.ops.size(); ++i) {
      if (graph.ops[i].output != graph.stages.at(stage)) continue;
      poolings[i].push_back({multi, column});
    }
    column += channels.at(stage) * (multi ? 2 : 1);
  }
  column += StatisticsSize(architecture.features);
  if (column != architecture.feature_size) {
    throw Error(ErrorCode::kShape,
                "the backbone's stages give " + std::to_string(column) +
                    " features, the model has " +
                    std::to_string(architecture.feature_size));
  }
  return poolings;
}

std::vector<size_t> LastReaders(const PlanGraph& graph) {
  std::vector<size_t> readers(static_cast<size_t>(graph.slots), 0);
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    readers[static_cast<size_t>(graph.ops[i].output)] = i;
    for (const int slot : graph.ops[i].inputs) {
      readers[static_cast<size_t>(slot)] = i;
    }
  }
  return readers;
}

std::vector<std::vector<int>> FreedByOp(const PlanGraph& graph) {
  std::vector<std::vector<int>> freed(graph.ops.size());
  const std::vector<size_t> readers = LastReaders(graph);
  for (size_t slot = 0; slot < readers.size(); ++slot) {
    freed[readers[slot]].push_back(static_cast<int>(slot));
  }
  return freed;
}

}  // namespace graphiqa
