// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "pretrain_head.h"

#include <ATen/Functions.h>

#include <map>

#include "interrupt.h"
#include "parameters.h"
#include "pretrain_steps.h"
#include "random.h"

namespace graphiqa {
namespace {

constexpr uint64_t kVersionStream = 41;
constexpr uint64_t kStepStream = 42;

/// Rows of the features by type.
std::map<int, std::vector<int64_t>> RowsByType(const TaskFeatures& data) {
  std::map<int, std::vector<int64_t>> rows;
  for (size_t i = 0; i < data.tasks.size(); ++i) {
    rows[data.tasks[i].type].push_back(static_cast<int64_t>(i));
  }
  return rows;
}

/// Types at random, then of each an anchor and a positive batch of rows.
std::vector<int64_t> DrawRows(
    const std::map<int, std::vector<int64_t>>& by_type,
    const PretrainOptions& options, Random* random) {
  std::vector<int> types;
  for (const auto& [type, rows] : by_type) types.push_back(type);
  Shuffle(&types, random);
  types.resize(std::min(types.size(), static_cast<size_t>(options.task.tasks)));
  std::vector<int64_t> drawn;
  for (int type : types) {
    const std::vector<int64_t>& rows = by_type.at(type);
    for (int i = 0; i < 2 * options.head.batch; ++i) {
      drawn.push_back(rows[random->Below(rows.size())]);
    }
  }
  return drawn;
}

TaskLabels LabelsOf(const TaskFeatures& data,
                    const std::vector<int64_t>& rows) {
  std::vector<int64_t> types;
  std::vector<float> levels;
  for (int64_t row : rows) {
    const LabelledItem& task = data.tasks[static_cast<size_t>(row)];
    types.push_back(task.type);
    levels.push_back(static_cast<float>(task.level));
  }
  return {at::tensor(types), at::tensor(levels)};
}

}  // namespace

std::vector<LabelledItem> HeadTasks(const TaskSource& source, int versions,
                                    uint64_t seed) {
  std::vector<LabelledItem> tasks;
  const auto count = static_cast<size_t>(versions);
  if (source.online()) {
    for (size_t photo : source.photos()) {
      const auto some = source.Family(
          photo, count, Random{seed, photo, kVersionStream}.Next());
      tasks.insert(tasks.end(), some.begin(), some.end());
    }
    return tasks;
  }
  for (int type : source.types()) {
    const auto some =
        source.Draw(type, count, Random{seed, kVersionStream}.Next());
    tasks.insert(tasks.end(), some.begin(), some.end());
  }
  return tasks;
}

void TrainTaskHeads(Network* network, const TaskFeatures& data,
                    const PretrainOptions& options, int none_row,
                    const TaskHeadEpoch& on_epoch) {
  const TaskHeadOptions& head = options.head;
  AdamW optimizer(
      {{ParametersOf(network, false), head.rate, head.weight_decay}});
  const auto by_type = RowsByType(data);
  const size_t shown = static_cast<size_t>(options.task.tasks) * 2 *
                       static_cast<size_t>(head.batch);
  const size_t steps = std::max<size_t>(data.tasks.size() / shown, 1);
  for (int epoch = 0; epoch < head.epochs; ++epoch) {
    double sum = 0;
    for (size_t step = 0; step < steps; ++step) {
      ThrowIfInterrupted();
      Random random{options.data.seed, static_cast<uint64_t>(epoch), step,
                    kStepStream};
      const auto rows = DrawRows(by_type, options, &random);
      const at::Tensor features =
          data.features.index_select(0, at::tensor(rows)).to(at::kFloat);
      const at::Tensor x = network->Project(features.flatten(0, 1));
      const at::Tensor loss =
          TaskLoss(network, x, LabelsOf(data, rows), options,
                   head.batch * features.size(1), none_row);
      optimizer.ZeroGrad();
      loss.backward();
      const double done =
          epoch + static_cast<double>(step) / static_cast<double>(steps);
      optimizer.Step(CosineSchedule(done / head.epochs, 0.1), 5.0);
      sum += loss.item<double>();
    }
    on_epoch(epoch + 1, sum / static_cast<double>(steps));
  }
  network->zero_grad();
}

}  // namespace graphiqa
