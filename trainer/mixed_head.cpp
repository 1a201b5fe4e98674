// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "mixed_head.h"

#include <ATen/Functions.h>

#include "distortion_labels.h"
#include "random.h"

namespace graphiqa {
namespace {

constexpr uint64_t kMixedStream = 43;

/// Rows of some families or, where there are none, of single pictures.
std::vector<int64_t> DrawRows(const MixedHeadData& data,
                              const HeadOptions& options, Random* random) {
  const size_t family =
      data.anchors.defined() ? static_cast<size_t>(options.versions) + 1 : 1;
  const size_t families = data.train.tasks.size() / family;
  std::vector<int64_t> rows;
  while (rows.size() < static_cast<size_t>(options.tasks)) {
    const size_t first = random->Below(families) * family;
    for (size_t i = 0; i < family; ++i) {
      rows.push_back(static_cast<int64_t>(first + i));
    }
  }
  return rows;
}

}  // namespace

at::Tensor AnchorsOf(Network* network, const TaskFeatures& families,
                     int versions, size_t samples) {
  const int64_t family = versions + 1;
  const int64_t count = families.features.size(0) / family;
  const at::Tensor originals =
      families.features.index_select(0, at::arange(count) * family);
  const Predictions said = PredictFeatures(network, originals);
  at::Tensor anchors = at::zeros({static_cast<int64_t>(samples)});
  for (int64_t i = 0; i < count; ++i) {
    const auto row = static_cast<size_t>(i * family);
    anchors[static_cast<int64_t>(families.tasks[row].item.index)] =
        said.mu[static_cast<size_t>(i)];
  }
  return anchors;
}

MoreLoss MixedHeadLoss(Network* network, const MixedHeadData& data,
                       const FinetuneOptions& options, double floor,
                       int none_row, int64_t first_dropped) {
  return [network, &data, &options, floor, none_row, first_dropped](
             int epoch, size_t step, const at::Generator& generator) {
    Random random{options.data.seed, static_cast<uint64_t>(epoch), step,
                  kMixedStream};
    const auto rows = DrawRows(data, options.head, &random);
    std::vector<LabelledItem> tasks;
    for (int64_t row : rows) {
      tasks.push_back(data.train.tasks[static_cast<size_t>(row)]);
    }
    const at::Tensor features =
        data.train.features.index_select(0, at::tensor(rows)).to(at::kFloat);
    const int64_t views = features.size(1);
    const at::Tensor x =
        Dropout(network->Project(features.flatten(0, 1)), options.head.dropout,
                first_dropped, generator);
    const HeadOutputs outputs =
        network->Heads(x, GraphForm::kRow, EdgeSummary::kDiagonal);
    return DistortedLoss(ByPicture(outputs, views),
                         LabelsOf(tasks, data.anchors, options.head.versions),
                         options.loss, floor, none_row);
  };
}

}  // namespace graphiqa
