// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "pretrain_steps.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <utility>

#include "ordered_queue.h"
#include "parameters.h"
#include "random.h"
#include "rank_share.h"

namespace graphiqa {
namespace {

constexpr uint64_t kTaskStream = 31;
constexpr uint64_t kNoiseStream = 32;
constexpr size_t kDepth = 4;  // batches made ahead

/// What a loader thread makes: T types, for each an anchor batch and then a
/// positive batch of N pictures.
struct TaskBatch {
  at::Tensor images;  ///< [T * 2 * N * V, 3, S, S], of it this rank's share
  at::Tensor types;   ///< [T * 2 * N] int64
  at::Tensor levels;  ///< [T * 2 * N] float
};

/// Different types at random.
std::vector<int> DrawTypes(const std::vector<int>& all, int count,
                           Random* random) {
  std::vector<int> types = all;
  Shuffle(&types, random);
  types.resize(std::min(types.size(), static_cast<size_t>(count)));
  return types;
}

TaskBatch MakeTaskBatch(const PretrainSetup& setup, int epoch, size_t step) {
  const PretrainOptions& options = *setup.options;
  Random random{options.data.seed, static_cast<uint64_t>(epoch), step,
                kTaskStream};
  const auto drawn =
      DrawTypes(setup.source->types(), options.task.tasks, &random);
  std::vector<Item> items;
  std::vector<int64_t> types;
  std::vector<float> levels;
  for (int type : drawn) {
    // Anchor and positive in one draw, so that they share no picture.
    const auto count = static_cast<size_t>(options.task.batch) * 2;
    for (const LabelledItem& task :
         setup.source->Draw(type, count, random.Next())) {
      items.push_back(task.item);
      types.push_back(task.type);
      levels.push_back(static_cast<float>(task.level));
    }
  }
  SampleOptions sample = setup.sample;
  sample.augment = true;
  return {MakeShare(*setup.ranks, items, sample), at::tensor(types),
          at::tensor(levels)};
}

/// Cross-entropy, the none class at its own weight.
at::Tensor WeightedTypeLoss(const at::Tensor& logits, const at::Tensor& types,
                            int none_row, double none_weight) {
  at::Tensor weights = at::ones({logits.size(1)}, logits.options());
  if (none_row >= 0) weights[none_row] = none_weight;
  return at::cross_entropy_loss(logits, types, weights);
}

/// Mean over the drawn types; the negative of a type is the next one's anchor.
at::Tensor Triplets(Network* network, const at::Tensor& x, int64_t rows,
                    const PretrainOptions& options) {
  const bool whole = options.task.batch_graph;
  const GraphForm form = whole ? GraphForm::kBatch : GraphForm::kRow;
  const EdgeSummary summary =
      whole ? EdgeSummary::kMean : EdgeSummary::kDiagonal;
  std::vector<at::Tensor> codes;
  for (int64_t begin = 0; begin < x.size(0); begin += rows) {
    codes.push_back(
        network->Heads(x.narrow(0, begin, rows), form, summary).type_code);
  }
  const auto other = [&options](const at::Tensor& code) {
    return options.task.all_branches ? code : code.detach();
  };
  const size_t types = codes.size() / 2;
  at::Tensor sum = at::zeros({}, x.options());
  for (size_t i = 0; i < types; ++i) {
    sum = sum + TripletLoss(codes[2 * i], other(codes[2 * i + 1]),
                            other(codes[2 * ((i + 1) % types)]),
                            options.weights.margin);
  }
  return sum / static_cast<double>(types);
}

class PretrainSteps : public StepSource {
 public:
  PretrainSteps(const PretrainSetup& setup, int epoch, size_t first)
      : setup_(setup),
        noise_(at::detail::createCPUGenerator(
            Random{setup.options->data.seed, static_cast<uint64_t>(epoch),
                   first, kNoiseStream}
                .Next())),
        queue_([this, epoch](
                   size_t step) { return MakeTaskBatch(setup_, epoch, step); },
               first, static_cast<size_t>(setup.options->task.steps),
               setup.options->data.workers, kDepth) {}

  at::Tensor NextLoss() override {
    TaskBatch batch;
    if (!queue_.Next(&batch)) {
      throw Error(ErrorCode::kUsage, "no more batches in this epoch");
    }
    return setup_.options->task.released ? Released(batch) : Own(batch);
  }

 private:
  at::Tensor Released(const TaskBatch& batch) const {
    const int64_t count = setup_.options->task.batch;
    ReleasedStep step;
    step.anchor = batch.images.narrow(0, 0, count);
    step.positive = batch.images.narrow(0, count, count);
    step.negative = batch.images.narrow(0, 2 * count, count);
    step.levels = batch.levels.narrow(0, 0, count).unsqueeze(1);
    step.types = batch.types.narrow(0, 0, count);
    return ReleasedLoss(setup_.network, step, setup_.options->weights,
                        [this](int64_t n) {
                          return at::randn({n, 1}, noise_);
                        })
        .total;
  }

  at::Tensor Own(const TaskBatch& batch) const {
    const PretrainOptions& options = *setup_.options;
    return TaskLoss(setup_.network,
                    EncodeShare(*setup_.ranks, setup_.network, batch.images,
                                batch.types.size(0), options.optimiser.bf16),
                    {batch.types, batch.levels}, options,
                    options.task.batch * CountViews(setup_.sample.views),
                    setup_.none_row);
  }

  const PretrainSetup setup_;
  const at::Generator noise_;
  OrderedQueue<TaskBatch> queue_;
};

}  // namespace

at::Tensor TaskLoss(Network* network, const at::Tensor& x,
                    const TaskLabels& labels, const PretrainOptions& options,
                    int64_t rows, int none_row) {
  const PretrainWeights& weights = options.weights;
  const int64_t views = x.size(0) / labels.types.size(0);
  const HeadOutputs outputs =
      network->Heads(x, GraphForm::kRow, EdgeSummary::kDiagonal);
  at::Tensor loss = at::zeros({}, x.options());
  if (weights.type > 0) {
    loss = loss + weights.type *
                      WeightedTypeLoss(outputs.type_logits,
                                       labels.types.repeat_interleave(views),
                                       none_row, options.none);
  }
  if (weights.level > 0) {
    loss = loss +
           weights.level * SquaredError(outputs.level_mu.reshape({-1}),
                                        labels.levels.repeat_interleave(views));
  }
  if (weights.triplet > 0) {
    loss = loss + weights.triplet * Triplets(network, x, rows, options);
  }
  return loss;
}

PretrainLosses ReleasedLoss(Network* network, const ReleasedStep& step,
                            const PretrainWeights& weights,
                            const NoiseSource& noise) {
  const auto forward = [network](const at::Tensor& images) {
    return network->Heads(Encode(network, images, false), GraphForm::kBatch,
                          EdgeSummary::kMean);
  };
  const auto level_noise = [&noise](const HeadOutputs& outputs) {
    const at::Tensor level = noise(outputs.level_mu.size(0));
    noise(outputs.mos_mu.size(0));  // drawn for the MOS, which is not used
    return level;
  };
  PretrainBatch batch;
  const HeadOutputs anchor = forward(step.anchor);
  batch.level =
      SampleGaussian(anchor.level_mu, anchor.level_s, level_noise(anchor));
  batch.anchor_code = anchor.type_code;
  batch.logits = anchor.type_logits;
  batch.levels = step.levels;
  batch.types = step.types;
  {
    const at::NoGradGuard no_grad;
    const HeadOutputs positive = forward(step.positive);
    level_noise(positive);
    batch.positive_code = positive.type_code;
    const HeadOutputs negative = forward(step.negative);
    level_noise(negative);
    batch.negative_code = negative.type_code;
  }
  return PretrainLoss(batch, weights);
}

std::unique_ptr<StepSource> MakePretrainSteps(const PretrainSetup& setup,
                                              int epoch, size_t first) {
  return std::make_unique<PretrainSteps>(setup, epoch, first);
}

}  // namespace graphiqa
