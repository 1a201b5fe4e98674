// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "engine/plan_layout.h"

#include <ATen/core/grad_mode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/plan_fusion.h"
#include "engine/plan_trace.h"

namespace graphiqa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

PlanOp Op(const std::vector<int>& inputs, int output) {
  PlanOp op;
  op.inputs = inputs;
  op.output = output;
  return op;
}

/// 0 -> 1 -> 2, and 1 + 2 -> 3, with a side branch 1 -> 4 that nobody reads.
PlanGraph SmallGraph() {
  PlanGraph graph;
  graph.ops = {Op({0}, 1), Op({1}, 2), Op({1}, 4), Op({2, 1}, 3)};
  graph.slots = 5;
  return graph;
}

TEST(PlanLayoutTest, SlotsLiveUntilTheirLastReader) {
  EXPECT_THAT(LastReaders(SmallGraph()), ElementsAre(0, 3, 3, 3, 2));
  EXPECT_THAT(FreedByOp(SmallGraph()),
              ElementsAre(ElementsAre(0), IsEmpty(), ElementsAre(4),
                          ElementsAre(1, 2, 3)));
}

Network MakeNetwork(const std::string& features) {
  Network network(MakeArchitecture("resnet18", features,
                                   features == "last" ? 0 : 32, 4, 8,
                                   {"blur", "noise"}));
  network.eval();
  return network;
}

PlanGraph GraphOf(Network& network) {
  const at::NoGradGuard no_grad;
  PlanGraph graph = TraceBackbone(network.backbone(), 64);
  FuseOperators(&graph);
  return graph;
}

/// Columns of all poolings, in the order of the operators.
std::vector<int64_t> Columns(Network& network, bool deviation) {
  std::vector<int64_t> columns;
  for (const auto& poolings : PoolingsByOp(network, GraphOf(network))) {
    for (const PlanPooling& pooling : poolings) {
      EXPECT_EQ(pooling.deviation, deviation);
      columns.push_back(pooling.column);
    }
  }
  return columns;
}

/// ResNet-18's stages have 64, 128, 256 and 512 channels.
TEST(PlanLayoutTest, StagesFillTheColumnsInOrder) {
  Network last = MakeNetwork("last");
  EXPECT_THAT(Columns(last, false), ElementsAre(0));
  Network multi = MakeNetwork("multi");
  EXPECT_THAT(Columns(multi, true), ElementsAre(0, 128, 384, 896));
  Network stats = MakeNetwork("multi-stats");
  EXPECT_THAT(Columns(stats, true), ElementsAre(0, 128, 384, 896));
}

TEST(PlanLayoutTest, StagesThatDoNotFillTheFeaturesAreAnError) {
  Network network = MakeNetwork("last");
  PlanGraph graph = GraphOf(network);
  graph.stages.pop_back();
  try {
    PoolingsByOp(network, graph);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kShape);
    EXPECT_STREQ(error.what(),
                 "the backbone's stages give 256 features, the model has 512");
  }
}

}  // namespace
}  // namespace graphiqa
