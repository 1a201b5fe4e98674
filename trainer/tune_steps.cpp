// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "tune_steps.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Functions.h>

#include <utility>

#include "distortion_labels.h"
#include "network/losses.h"
#include "ordered_queue.h"
#include "parameters.h"
#include "random.h"
#include "rank_share.h"

namespace graphiqa {
namespace {

constexpr uint64_t kOrderStream = 5;
constexpr uint64_t kTuneSeed = 0x7475;  // apart from the head's draws
constexpr uint64_t kPhotoStream = 21;
constexpr uint64_t kFamilyStream = 22;
constexpr uint64_t kNoiseStream = 23;
constexpr size_t kDepth = 4;  // batches made ahead

/// What a loader thread makes. Images are those of this rank, all else is of
/// the whole batch.
struct TuneBatch {
  at::Tensor images;        ///< rated views
  at::Tensor task_images;   ///< distorted views, which may be of another size
  at::Tensor targets;       ///< [B]
  std::vector<int> sets;    ///< B
  DistortionLabels labels;  ///< of the distorted pictures
};

/// Chunks of an epoch's random order.
std::vector<std::vector<size_t>> EpochChunks(const TuneSetup& setup,
                                             int epoch) {
  std::vector<size_t> order = setup.data->rated.split.train;
  Random random{setup.options->data.seed, static_cast<uint64_t>(epoch),
                kOrderStream};
  Shuffle(&order, &random);
  return Chunks(order, static_cast<size_t>(setup.options->tune.batch), false);
}

std::vector<LabelledItem> DrawTasks(const TuneSetup& setup, int epoch,
                                    size_t step) {
  const TuneOptions& tune = setup.options->tune;
  const TaskSource& source = *setup.source;
  std::vector<LabelledItem> tasks;
  Random random{setup.options->data.seed, static_cast<uint64_t>(epoch), step,
                kPhotoStream};
  for (int i = 0; i < tune.photos; ++i) {
    const uint64_t key = Random{random.Next(), kFamilyStream}.Next();
    std::vector<LabelledItem> some;
    if (source.online()) {
      const auto& photos = source.photos();
      some = source.Family(photos[random.Below(photos.size())],
                           static_cast<size_t>(tune.versions), key);
    } else {
      const auto& types = source.types();
      some = source.Draw(types[random.Below(types.size())],
                         static_cast<size_t>(tune.versions) + 1, key);
    }
    tasks.insert(tasks.end(), some.begin(), some.end());
  }
  return tasks;
}

TuneBatch MakeBatch(const TuneSetup& setup, int epoch, size_t step,
                    const std::vector<size_t>& chunk) {
  TuneBatch batch;
  TrainingData& rated = setup.data->rated;
  SampleOptions sample = setup.rated;
  sample.augment = true;
  batch.images = MakeShare(*setup.ranks,
                           PlainItems(rated.pictures.get(), chunk,
                                      setup.options->data.seed ^ kTuneSeed,
                                      static_cast<uint64_t>(epoch) + 1),
                           sample);
  batch.targets = rated.Targets(chunk);
  for (size_t index : chunk) batch.sets.push_back(rated.sets[index]);
  if (!setup.source || setup.options->tune.photos == 0) return batch;
  const auto tasks = DrawTasks(setup, epoch, step);
  std::vector<Item> items;
  for (const LabelledItem& task : tasks) items.push_back(task.item);
  sample = setup.tasks;
  sample.augment = true;
  batch.task_images = MakeShare(*setup.ranks, items, sample);
  batch.labels = LabelsOf(tasks, setup.anchors, setup.options->tune.versions);
  return batch;
}

class TuneSteps : public StepSource {
 public:
  TuneSteps(const TuneSetup& setup, int epoch, size_t first)
      : setup_(setup),
        chunks_(EpochChunks(setup, epoch)),
        noise_(at::detail::createCPUGenerator(
            Random{setup.options->data.seed, static_cast<uint64_t>(epoch),
                   first, kNoiseStream}
                .Next())),
        floor_((setup.options->tune.floor - setup.data->rated.mean) /
               setup.data->rated.deviation),
        queue_(
            [this, epoch](size_t step) {
              return MakeBatch(setup_, epoch, step, chunks_[step]);
            },
            first, chunks_.size(), setup.options->data.workers, kDepth) {}

  at::Tensor NextLoss() override {
    TuneBatch batch;
    if (!queue_.Next(&batch)) {
      throw Error(ErrorCode::kUsage, "no more batches in this epoch");
    }
    const FinetuneOptions& options = *setup_.options;
    const bool bf16 = options.optimiser.bf16;
    const auto encode = [&](const at::Tensor& images, int64_t pictures) {
      return EncodeShare(*setup_.ranks, setup_.network, images, pictures, bf16);
    };
    at::Tensor loss = Rated(batch, encode(batch.images, batch.targets.size(0)));
    if (batch.task_images.defined()) {
      loss = loss + Distorted(batch, encode(batch.task_images,
                                            batch.labels.types.size(0)));
    }
    return loss;
  }

 private:
  at::Tensor Rated(const TuneBatch& batch, const at::Tensor& x) const {
    const FinetuneOptions& options = *setup_.options;
    const int64_t views = CountViews(setup_.rated.views);
    const GraphForm form =
        options.tune.batch_graph ? GraphForm::kBatch : GraphForm::kRow;
    const HeadOutputs outputs =
        setup_.network->Heads(x, form, EdgeSummary::kDiagonal);
    RatedOutputs rated;
    at::Tensor mu = outputs.mos_mu;
    if (options.tune.noise) {
      mu = SampleGaussian(mu, outputs.mos_s,
                          at::randn(mu.sizes(), noise_, mu.options()));
    }
    rated.mu = mu.reshape({-1, views});
    rated.s = outputs.mos_s.reshape({-1, views});
    rated.targets = batch.targets;
    rated.sets = batch.sets;
    return RatedLoss(rated, options.loss);
  }

  at::Tensor Distorted(const TuneBatch& batch, const at::Tensor& x) const {
    const HeadOutputs outputs =
        setup_.network->Heads(x, GraphForm::kRow, EdgeSummary::kDiagonal);
    return DistortedLoss(ByPicture(outputs, CountViews(setup_.tasks.views)),
                         batch.labels, setup_.options->loss, floor_,
                         setup_.none_row);
  }

  const TuneSetup setup_;
  const std::vector<std::vector<size_t>> chunks_;
  const at::Generator noise_;
  const double floor_;
  OrderedQueue<TuneBatch> queue_;
};

}  // namespace

size_t TuneStepCount(const FinetuneOptions& options, const AllData& data) {
  return Chunks(data.rated.split.train, static_cast<size_t>(options.tune.batch),
                false)
      .size();
}

std::unique_ptr<StepSource> MakeTuneSteps(const TuneSetup& setup, int epoch,
                                          size_t first) {
  return std::make_unique<TuneSteps>(setup, epoch, first);
}

}  // namespace graphiqa
