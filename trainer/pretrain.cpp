// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "pretrain.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <chrono>

#include "frozen_features.h"
#include "interrupt.h"
#include "parameters.h"
#include "pretrain_head.h"
#include "pretrain_steps.h"
#include "program/progress.h"
#include "random.h"
#include "rank_share.h"
#include "ridge.h"
#include "run_info.h"
#include "train_loop.h"
#include "widen.h"

namespace graphiqa {
namespace {

constexpr int kBatch = 8;  // pictures per pass where there is no gradient

/// One run, from the data to the files.
class Run {
 public:
  Run(const PretrainOptions& options, const Ranks& ranks);
  PretrainResult Go();

 private:
  void Restandardise();
  void HeadPhase();
  void SetStatistics(const at::Tensor& features);
  at::Tensor Features(const std::vector<LabelledItem>& tasks, bool augment,
                      const std::string& what);
  SampleOptions Sampling(const ViewPlan& views) const;
  void Save(const EpochRow& row, const std::string& file, bool best) const;
  LoopHooks Hooks();

  PretrainOptions options_;
  const Ranks& ranks_;
  Json config_;
  RunFolder folder_;
  AllData data_;
  Model model_;
  bool widened_ = false;  ///< its features want statistics
  std::unique_ptr<TaskSource> source_;
  std::vector<LabelledItem> tasks_;  ///< to validate on
  Progress progress_;
};

Run::Run(const PretrainOptions& options, const Ranks& ranks)
    : options_(options),
      ranks_(ranks),
      config_(ToJson(options)),
      folder_(options.run.out, options.run.resume, ranks.first()) {
  data_ = OpenData(options_.data);
  if (data_.distorted.empty()) {
    throw Error(ErrorCode::kUsage,
                "pretrain needs a data set of distorted pictures: online, "
                "kadid-P or kadis-P");
  }
  if (!data_.rated.empty()) {
    throw Error(ErrorCode::kUsage,
                "pretrain does not use human ratings: data set " +
                    data_.rated.dataset.name + " belongs to finetune");
  }
  ranks_.RequireSame(config_.Dump(), "options");
  ranks_.RequireSame(Fingerprint(data_), "data or splits");
  folder_.WriteConfig(config_);
  WriteSplits(data_, folder_);
  model_ = BuildModel(options_.network, options_.views, options_.data.seed);
  widened_ = WidenFeatures(options_.network, &model_);
  MoveBackbone(options_.run, ranks_.local_rank(), model_.network.get());
  const auto types =
      static_cast<int64_t>(model_.info.architecture.types.size());
  const TrainingData& set = data_.distorted;
  source_ = std::make_unique<TaskSource>(set.dataset, set.pictures.get(),
                                         set.split.train, types);
  const TaskSource held(set.dataset, set.pictures.get(), set.split.val, types);
  tasks_ = ValidationTasks(set, held, options_.data.seed,
                           static_cast<size_t>(options_.data.val_tasks));
  folder_.Log("graphiqa " GRAPHIQA_VERSION ": " + set.dataset.name + ", " +
              std::to_string(set.split.train.size()) + " pictures to train, " +
              std::to_string(set.split.val.size()) + " to validate (" +
              std::to_string(tasks_.size()) + " versions), " +
              std::to_string(set.split.test.size()) + " set aside");
}

SampleOptions Run::Sampling(const ViewPlan& views) const {
  SampleOptions sample;
  sample.input = model_.info.input;
  sample.input.views.view_size_px = views.view_size_px;
  sample.views = views;
  sample.bf16 = options_.optimiser.bf16;
  return sample;
}

/// `multi` features of distorted training pictures are what the projection is
/// standardised with.
void Run::SetStatistics(const at::Tensor& features) {
  if (model_.network->architecture().features == kLast) return;
  const FeatureStatistics statistics = StatisticsOf(features);
  model_.network->SetFeatureStatistics(statistics.mean, statistics.deviation);
}

at::Tensor Run::Features(const std::vector<LabelledItem>& tasks, bool augment,
                         const std::string& what) {
  FeatureOptions features;
  features.sample = Sampling(augment ? options_.train_views : options_.views);
  features.sample.augment = augment;
  features.sample.chroma = options_.optimiser.chroma;
  features.folder = options_.head.cache_folder.empty()
                        ? folder_.File("")
                        : options_.head.cache_folder;
  features.batch = kBatch;
  features.workers = options_.data.workers;
  features.check = ThrowIfInterrupted;
  ProgressBar bar(tasks.size(), "pictures");
  features.progress = [&bar, &what](size_t done, size_t) {
    bar.Update(static_cast<double>(done), what);
  };
  at::Tensor computed = FrozenFeatures(*model_.network, ItemsOf(tasks),
                                       data_.distorted.names, features);
  bar.Clear();
  return computed;
}

/// The same for a model that already stands on others: it says what it said.
void Run::Restandardise() {
  const at::Tensor features =
      Features(HeadTasks(*source_, 1, options_.data.seed), true, "statistics");
  const FeatureStatistics statistics = StatisticsOf(features);
  model_.network->Restandardise(statistics.mean, statistics.deviation);
}

/// The heads on features of the frozen backbone; without such a phase only
/// the statistics of some.
void Run::HeadPhase() {
  const TaskHeadOptions& head = options_.head;
  const uint64_t seed = options_.data.seed;
  if (head.epochs == 0) {
    SetStatistics(Features(HeadTasks(*source_, 1, seed), true, "statistics"));
    return;
  }
  const auto start = std::chrono::steady_clock::now();
  TaskFeatures train;
  train.tasks = HeadTasks(*source_, head.versions, seed);
  train.features = Features(train.tasks, true, "features, training");
  const at::Tensor held = Features(tasks_, false, "features, validation");
  SetStatistics(train.features);
  folder_.Log(std::to_string(train.tasks.size()) + " pictures' features in " +
              std::to_string(
                  static_cast<int>(std::chrono::duration<double>(
                                       std::chrono::steady_clock::now() - start)
                                       .count())) +
              " s");
  TrainTaskHeads(
      model_.network.get(), train, options_, NoneRow(model_.info.architecture),
      [&](int epoch, double loss) {
        EpochRow row;
        row.phase = "head";
        row.epoch = epoch;
        row.loss = loss;
        MeasureTasks(PredictFeatures(model_.network.get(), held), tasks_, &row);
        RecordRow(row, Hooks(), folder_, &progress_);
      });
}

void Run::Save(const EpochRow& row, const std::string& file, bool best) const {
  ModelInfo info = model_.info;
  info.name = options_.run.name;
  info.heads =
      HeadsInfo{false, options_.weights.level > 0, options_.weights.type > 0};
  info.training = TrainingRecord(data_, options_.data.seed, config_, row);
  const bool half = best && options_.run.half;
  SaveModel(folder_.File(file), info, *model_.network,
            half ? StorageType::kFloat16 : StorageType::kFloat32);
}

LoopHooks Run::Hooks() {
  LoopHooks hooks;
  hooks.begin = [this](int epoch, size_t first) {
    PretrainSetup setup;
    setup.options = &options_;
    setup.source = source_.get();
    setup.network = model_.network.get();
    setup.none_row = NoneRow(model_.info.architecture);
    setup.sample = Sampling(options_.train_views);
    setup.sample.chroma = options_.optimiser.chroma;
    setup.ranks = &ranks_;
    return MakePretrainSteps(setup, epoch, first);
  };
  hooks.validate = [this](EpochRow* row) {
    const EvaluationMode evaluation(model_.network.get());
    MeasureTasks(
        Predict(model_.network.get(), ItemsOf(tasks_), Sampling(options_.views),
                kBatch, options_.data.workers),
        tasks_, row);
  };
  hooks.save = [this](const EpochRow& row, const std::string& file, bool best) {
    Save(row, file, best);
  };
  return hooks;
}

PretrainResult Run::Go() {
  const OptimiserOptions& how = options_.optimiser;
  const bool resumes = Resumes(ranks_, folder_, options_.run.resume);
  if (!resumes && options_.network.checkpoint.empty()) {
    ranks_.OnFirst([this] { HeadPhase(); });
  }
  if (!resumes && widened_) ranks_.OnFirst([this] { Restandardise(); });
  ShareWeights(ranks_, *model_.network);
  Freeze(how, model_.network.get());
  const auto optimizer = MakeOptimiser(how, model_.network.get());
  WeightAverage average(how.ema, TrainedParameters(model_.network.get()));
  if (resumes) {
    progress_ = ResumeState(ranks_, folder_, config_, model_.network.get(),
                            optimizer.get(), &average);
  }
  LoopOptions loop;
  loop.phase = "pretrain";
  loop.epochs = options_.task.epochs;
  loop.steps = static_cast<size_t>(options_.task.steps);
  loop.constant = how.constant_rate;
  loop.warmup = how.warmup;
  loop.clip = how.clip;
  loop.ema = how.ema;
  loop.save_every = how.save_every;
  RunLoop(loop, Hooks(), ranks_, folder_, config_, model_.network.get(),
          optimizer.get(), &average, &progress_);
  PretrainResult result;
  for (const EpochRow& row : progress_.rows) {
    if (Selection(row) == progress_.best) result.best = row;
  }
  folder_.Log("best: " + Describe(result.best) + ", " +
              folder_.File(kBestFile));
  return result;
}

}  // namespace

PretrainResult Pretrain(const PretrainOptions& options, const Ranks& ranks) {
  RequireShareable(options, ranks.size());
  ranks.UseThreads(options.run.threads);
  return Run(options, ranks).Go();
}

void RequireShareable(const PretrainOptions& options, int ranks) {
  if (ranks == 1) return;
  if (options.task.released) {
    throw Error(ErrorCode::kUsage,
                "--protocol released normalises by statistics of the whole "
                "batch and runs as one process, not as " +
                    std::to_string(ranks) + " ranks");
  }
  RequireGpus(options.run);
  RequireFrozenNorms(options.optimiser, ranks);
  RequirePictures("--tasks and --bs",
                  options.task.tasks * 2 * options.task.batch, ranks);
}

}  // namespace graphiqa
