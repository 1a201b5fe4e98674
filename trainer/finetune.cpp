// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "finetune.h"

#include <ATen/Functions.h>

#include <cstdio>
#include <filesystem>

#include "anchors.h"
#include "first_phase.h"
#include "frozen_features.h"
#include "interrupt.h"
#include "parameters.h"
#include "pretrain_head.h"
#include "program/progress.h"
#include "random.h"
#include "rank_share.h"
#include "ridge.h"
#include "run_info.h"
#include "side_nodes.h"
#include "train_loop.h"
#include "tune_steps.h"
#include "widen.h"

namespace graphiqa {
namespace {

/// Stored pictures of a type that features are standardised anew with.
constexpr int kStoredPerType = 16;

/// One run, from the data to the files.
class Run {
 public:
  Run(const FinetuneOptions& options, const Ranks& ranks);
  FinetuneResult Go();

 private:
  FeatureOptions FrozenOptions(const ViewPlan& views, bool augment,
                               ProgressBar* bar) const;
  void HeadPhase();
  void Restandardise();
  void RequireScores() const;
  void RequireFirstPhase() const;
  void RequireSideNodes() const;
  void SetAnchors(bool resumes);
  void TunePhase(bool resumes);
  SampleOptions Sampling(const ViewPlan& views) const;
  void Validate(EpochRow* row);
  void Save(const EpochRow& row, const std::string& file, bool best) const;
  LoopHooks Hooks();
  bool TrainsTasks() const { return source_ != nullptr; }
  bool restored() const { return !options_.network.checkpoint.empty(); }

  FinetuneOptions options_;
  const Ranks& ranks_;
  Json config_;
  RunFolder folder_;
  AllData data_;
  Model model_;
  bool widened_ = false;                ///< its features want statistics
  std::unique_ptr<TaskSource> source_;  ///< null without distorted pictures
  std::vector<LabelledItem> tasks_;     ///< to validate on
  at::Tensor anchors_;                  ///< undefined without photographs
  Progress progress_;
  FinetuneResult result_;
};

Run::Run(const FinetuneOptions& options, const Ranks& ranks)
    : options_(options),
      ranks_(ranks),
      config_(ToJson(options)),
      folder_(options.run.out, options.run.resume, ranks.first()) {
  data_ = OpenData(options_.data);
  if (data_.rated.empty()) {
    throw Error(ErrorCode::kUsage,
                "data set " + data_.distorted.dataset.name +
                    " has pictures without a rating: finetune needs a data "
                    "set with human ratings beside it");
  }
  if (options_.tune.raw_scores) data_.rated.SetScale(0, 1);
  ranks_.RequireSame(config_.Dump(), "options");
  ranks_.RequireSame(Fingerprint(data_), "data or splits");
  folder_.WriteConfig(config_);
  WriteSplits(data_, folder_);
  model_ = BuildModel(options_.network, options_.views, options_.data.seed);
  widened_ = WidenFeatures(options_.network, &model_);
  if (options_.head.side_nodes > 0) {
    RequireSideNodes();
    AddSideNodes(options_.head.side_nodes, &model_);
    options_.loss = TaskLossesOf(options_.loss);
  }
  MoveBackbone(options_.run, ranks_.local_rank(), model_.network.get());
  RequireFirstPhase();
  RequireScores();
  const auto types =
      static_cast<int64_t>(model_.info.architecture.types.size());
  if (!data_.distorted.empty()) {
    const Split& split = data_.distorted.split;
    source_ = std::make_unique<TaskSource>(data_.distorted.dataset,
                                           data_.distorted.pictures.get(),
                                           split.train, types);
    const TaskSource held(data_.distorted.dataset,
                          data_.distorted.pictures.get(), split.val, types);
    tasks_ = ValidationTasks(data_.distorted, held, options_.data.seed,
                             static_cast<size_t>(options_.data.val_tasks));
  }
  folder_.Log("graphiqa " GRAPHIQA_VERSION ": " + data_.rated.dataset.name +
              ", " + std::to_string(data_.rated.split.train.size()) +
              " pictures to train, " +
              std::to_string(data_.rated.split.val.size()) + " to validate");
  if (TrainsTasks()) {
    folder_.Log(
        data_.distorted.dataset.name + ": " +
        std::to_string(data_.distorted.split.train.size()) +
        " pictures to train, " +
        std::to_string(data_.distorted.split.val.size()) + " to validate (" +
        std::to_string(tasks_.size()) + " versions), " +
        std::to_string(data_.distorted.split.test.size()) + " set aside");
  }
}

void Run::RequireFirstPhase() const {
  if (!widened_ || options_.head.epochs > 0) return;
  throw Error(ErrorCode::kUsage,
              options_.network.checkpoint +
                  ": new features want the first phase: leave out "
                  "--head-epochs 0");
}

void Run::RequireSideNodes() const {
  const HeadOptions& head = options_.head;
  const char* missing = !restored()                ? "--restore"
                        : data_.distorted.empty()  ? "distorted pictures"
                        : head.versions == 0       ? "--head-versions"
                        : options_.tune.epochs > 0 ? "--epochs 0"
                        : head.epochs == 0         ? "--head-epochs"
                        : !model_.info.heads.mos   ? "a trained MOS head"
                        : head.side_nodes % 4 != 0 ? "a multiple of 4"
                                                   : nullptr;
  if (missing == nullptr) return;
  throw Error(
      ErrorCode::kUsage,
      "--side-nodes " + std::to_string(head.side_nodes) + " wants " + missing);
}

/// Distorted copies are placed relative to what the model says of photographs.
void Run::RequireScores() const {
  if (data_.distorted.empty() || !restored() || options_.head.epochs > 0 ||
      model_.info.heads.mos) {
    return;
  }
  throw Error(ErrorCode::kUsage,
              options_.network.checkpoint +
                  ": its MOS head is not trained: leave out --head-epochs 0, "
                  "so that it is before distorted pictures come");
}

SampleOptions Run::Sampling(const ViewPlan& views) const {
  SampleOptions sample;
  sample.input = model_.info.input;
  sample.input.views.view_size_px = views.view_size_px;
  sample.views = views;
  sample.bf16 = options_.optimiser.bf16;
  return sample;
}

void Run::Save(const EpochRow& row, const std::string& file, bool best) const {
  ModelInfo info = model_.info;
  info.name = options_.run.name;
  info.score.gain = data_.rated.deviation;
  info.score.offset = data_.rated.mean;
  // Finetuning moves the trunk that the other heads stand on: they stay true
  // only where they are trained along.
  const bool tasks =
      row.phase == "head" ? MixesHeads(options_, source_.get()) : TrainsTasks();
  info.heads = HeadsInfo{true, tasks && options_.loss.level > 0,
                         tasks && options_.loss.type > 0};
  info.training = TrainingRecord(data_, options_.data.seed, config_, row);
  const bool half = best && options_.run.half;
  SaveModel(folder_.File(file), info, *model_.network,
            half ? StorageType::kFloat16 : StorageType::kFloat32);
}

void Run::Validate(EpochRow* row) {
  const EvaluationMode evaluation(model_.network.get());
  const auto items =
      PlainItems(data_.rated.pictures.get(), data_.rated.split.val, 0, 0);
  const SampleOptions sample = Sampling(options_.views);
  const Predictions said = Predict(model_.network.get(), items, sample,
                                   options_.tune.batch, options_.data.workers);
  row->val = MeasureScores(said.mu, data_.rated, data_.rated.split.val);
  if (tasks_.empty()) return;
  MeasureTasks(Predict(model_.network.get(), ItemsOf(tasks_), sample,
                       options_.tune.batch, options_.data.workers),
               tasks_, row);
}

LoopHooks Run::Hooks() {
  LoopHooks hooks;
  hooks.begin = [this](int epoch, size_t first) {
    TuneSetup setup;
    setup.options = &options_;
    setup.data = &data_;
    setup.source = source_.get();
    setup.network = model_.network.get();
    setup.none_row = NoneRow(model_.info.architecture);
    setup.rated = Sampling(options_.train_views);
    setup.tasks = Sampling(options_.task_views);
    setup.rated.chroma = setup.tasks.chroma = options_.optimiser.chroma;
    setup.anchors = anchors_;
    setup.ranks = &ranks_;
    return MakeTuneSteps(setup, epoch, first);
  };
  hooks.validate = [this](EpochRow* row) { Validate(row); };
  hooks.save = [this](const EpochRow& row, const std::string& file, bool best) {
    Save(row, file, best);
  };
  return hooks;
}

FeatureOptions Run::FrozenOptions(const ViewPlan& views, bool augment,
                                  ProgressBar* bar) const {
  FeatureOptions features;
  features.sample = Sampling(views);
  features.sample.augment = augment;
  features.sample.chroma = options_.optimiser.chroma;
  features.folder = options_.head.cache_folder.empty()
                        ? folder_.File("")
                        : options_.head.cache_folder;
  features.batch = options_.tune.batch;
  features.workers = options_.data.workers;
  features.check = ThrowIfInterrupted;
  features.progress = [bar](size_t done, size_t) {
    bar->Update(static_cast<double>(done), "features of the frozen backbone");
  };
  return features;
}

/// A model that never saw distorted pictures standardises their features to
/// values far from 0, where they are clamped and their gradients drown those of
/// others: statistics of distorted training pictures, the same function.
void Run::Restandardise() {
  const HeadsInfo& heads = model_.info.heads;
  const bool multi = model_.network->architecture().features != kLast;
  if (!multi || !TrainsTasks() || heads.type || heads.level) return;
  const std::vector<LabelledItem> tasks = HeadTasks(
      *source_, source_->online() ? 1 : kStoredPerType, options_.data.seed);
  ProgressBar bar(tasks.size(), "pictures");
  const at::Tensor features =
      FrozenFeatures(*model_.network, ItemsOf(tasks), data_.distorted.names,
                     FrozenOptions(options_.views, true, &bar));
  bar.Clear();
  const FeatureStatistics statistics = StatisticsOf(features);
  model_.network->Restandardise(statistics.mean, statistics.deviation);
  folder_.Log("features standardised anew with " +
              std::to_string(tasks.size()) + " distorted pictures");
}

void Run::HeadPhase() {
  // Features of distorted pictures come as several lists.
  const bool one_list = !MixesHeads(options_, source_.get());
  ProgressBar bar(one_list ? data_.rated.dataset.samples.size() : 0,
                  "pictures");
  FirstPhase phase;
  phase.options = &options_;
  phase.data = &data_;
  phase.model = &model_;
  phase.widened = widened_;
  phase.source = source_.get();
  phase.tasks = &tasks_;
  phase.features = FrozenOptions(options_.views, false, &bar);
  phase.on_probe = [&](const Agreement& probe, double seconds) {
    bar.Clear();
    EpochRow described;
    described.val = result_.probe = probe;
    char text[64];
    std::snprintf(text, sizeof text,
                  "linear probe (%.1f s with features): ", seconds);
    folder_.Log(text + Describe(described));
  };
  phase.on_epoch = [&](const EpochRow& row) {
    RecordRow(row, Hooks(), folder_, &progress_);
  };
  RunFirstPhase(phase);
}

void Run::SetAnchors(bool resumes) {
  if (!TrainsTasks() || !source_->online()) return;
  const TrainingData& photos = data_.distorted;
  anchors_ = at::zeros({static_cast<int64_t>(photos.dataset.samples.size())});
  ranks_.OnFirst([&] {
    const std::string file = folder_.File("anchors.csv");
    if (resumes) {
      anchors_ = ReadAnchors(file, photos);
      return;
    }
    anchors_ =
        PredictAnchors(model_.network.get(), photos, Sampling(options_.views),
                       options_.tune.batch, options_.data.workers);
    WriteAnchors(file, photos, anchors_);
  });
  ranks_.Broadcast({anchors_});
}

void Run::TunePhase(bool resumes) {
  SetAnchors(resumes);
  const OptimiserOptions& how = options_.optimiser;
  Freeze(how, model_.network.get());
  const auto optimizer = MakeOptimiser(how, model_.network.get());
  WeightAverage average(how.ema, TrainedParameters(model_.network.get()));
  if (resumes) {
    progress_ = ResumeState(ranks_, folder_, config_, model_.network.get(),
                            optimizer.get(), &average);
  }
  LoopOptions loop;
  loop.epochs = options_.tune.epochs;
  loop.steps = TuneStepCount(options_, data_);
  loop.constant = how.constant_rate;
  loop.warmup = how.warmup;
  loop.clip = how.clip;
  loop.ema = how.ema;
  loop.save_every = how.save_every;
  RunLoop(loop, Hooks(), ranks_, folder_, config_, model_.network.get(),
          optimizer.get(), &average, &progress_);
}

FinetuneResult Run::Go() {
  const bool resumes = Resumes(ranks_, folder_, options_.run.resume);
  // A whole model that is to go on as it is needs no head and no probe.
  const bool probes =
      options_.head.epochs > 0 || (!restored() && !options_.tune.raw_scores);
  if (!resumes) {
    ranks_.OnFirst([this, probes] { probes ? HeadPhase() : Restandardise(); });
  }
  ShareWeights(ranks_, *model_.network);
  if (options_.tune.epochs > 0) TunePhase(resumes);
  for (const EpochRow& row : progress_.rows) {
    if (Selection(row) == progress_.best) result_.best = row;
  }
  folder_.Log("best: " + Describe(result_.best) + ", " +
              folder_.File(kBestFile));
  return result_;
}

}  // namespace

FinetuneResult Finetune(const FinetuneOptions& options, const Ranks& ranks) {
  RequireShareable(options, ranks.size());
  ranks.UseThreads(options.run.threads);
  return Run(options, ranks).Go();
}

void RequireShareable(const FinetuneOptions& options, int ranks) {
  if (ranks == 1) return;
  RequireGpus(options.run);
  RequireFrozenNorms(options.optimiser, ranks);
  RequirePictures("--bs", options.tune.batch, ranks);
  if (options.data.sets.size() > 1 && options.tune.photos > 0) {
    RequirePictures("--photos and --versions",
                    options.tune.photos * (options.tune.versions + 1), ranks);
  }
}

}  // namespace graphiqa
