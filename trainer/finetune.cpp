// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "finetune.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>

#include <chrono>
#include <cstdio>
#include <numeric>

#include "checkpoint.h"
#include "head_phase.h"
#include "interrupt.h"
#include "program/progress.h"
#include "random.h"
#include "run_folder.h"

namespace graphiqa {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kBest = "best.safetensors";
constexpr const char* kLast = "last.safetensors";
constexpr const char* kState = "state.safetensors";
constexpr const char* kSplit = "split.csv";
constexpr uint64_t kTuneSeed = 0x7475;  // apart from the head's draws

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string Format(const char* format, double a, double b, double c, double d) {
  char text[160];
  std::snprintf(text, sizeof text, format, a, b, c, d);
  return text;
}

std::string Text(const Agreement& val) {
  return Format("SROCC %.4f PLCC %.4f KROCC %.4f RMSE %.2f", val.srocc,
                val.plcc, val.krocc, val.rmse);
}

/// One run, from the data to the files.
class Run {
 public:
  explicit Run(const FinetuneOptions& options);
  FinetuneResult Go();

 private:
  void HeadPhase();
  void TunePhase();
  void TuneEpoch(AdamW* optimizer, WeightAverage* average);
  double TuneStep(const Batch& batch, AdamW* optimizer, WeightAverage* average);
  void EndEpoch(AdamW* optimizer, WeightAverage* average);
  void Record(const EpochRow& row);
  void FreezeStages();
  NamedTensors TrainedParameters();
  SampleOptions Sampling(const ViewPlan& views) const;
  ModelInfo Info(const Agreement& val) const;
  std::vector<std::vector<size_t>> EpochChunks(int epoch) const;

  FinetuneOptions options_;
  Json config_;
  RunFolder folder_;
  TrainingData data_;
  Model model_;
  Progress progress_;
  FinetuneResult result_;
};

Run::Run(const FinetuneOptions& options)
    : options_(options),
      config_(ToJson(options)),
      folder_(options.out, options.resume) {
  if (options_.resume && folder_.Has(kSplit)) {
    options_.data.split_file = folder_.File(kSplit);
  }
  data_ = OpenData(options_.data);
  folder_.WriteConfig(config_);
  WriteSplit(folder_.File(kSplit), data_.dataset, data_.split);
  model_ = BuildModel(options_.network, options_.views, options_.data.seed);
  folder_.Log("graphiqa " GRAPHIQA_VERSION ": " + data_.dataset.name + ", " +
              std::to_string(data_.split.train.size()) +
              " pictures to train, " + std::to_string(data_.split.val.size()) +
              " to validate");
}

SampleOptions Run::Sampling(const ViewPlan& views) const {
  SampleOptions sample;
  sample.input = model_.info.input;
  sample.input.views.view_size_px = views.view_size_px;
  sample.views = views;
  sample.seed = options_.data.seed;
  return sample;
}

ModelInfo Run::Info(const Agreement& val) const {
  ModelInfo info = model_.info;
  info.name = options_.name;
  info.score.gain = data_.deviation;
  info.score.offset = data_.mean;
  // Finetuning moves the trunk that the other heads stand on.
  info.heads = HeadsInfo{true, false, false};
  Json::Object metrics{
      {"pictures", static_cast<int64_t>(data_.split.val.size())},
      {"srocc", val.srocc},
      {"plcc", val.plcc},
      {"krocc", val.krocc},
      {"rmse", val.rmse}};
  info.training =
      Json(Json::Object{
               {"datasets",
                Json::Array{Json::Object{{"name", data_.dataset.name},
                                         {"licence", data_.dataset.licence}}}},
               {"seed", static_cast<int64_t>(options_.data.seed)},
               {"options", config_},
               {"validation", metrics},
               {"software", Json::Object{{"graphiqa", GRAPHIQA_VERSION}}}})
          .Dump();
  return info;
}

/// Keeps the row, writes the curves and, when it is the best so far, the
/// model.
void Run::Record(const EpochRow& row) {
  progress_.rows.push_back(row);
  folder_.WriteMetrics(progress_.rows);
  const bool best = row.val.srocc > progress_.best;
  if (best) {
    progress_.best = row.val.srocc;
    SaveModel(folder_.File(kBest), Info(row.val), *model_.network,
              options_.half ? StorageType::kFloat16 : StorageType::kFloat32);
  }
  char text[64];
  std::snprintf(text, sizeof text, "%s epoch %d: loss %.4f, ",
                row.phase.c_str(), row.epoch, row.loss);
  folder_.Log(text + Text(row.val) + Format(", %.1f s", row.seconds, 0, 0, 0) +
              (best ? " *" : ""));
}

void Run::HeadPhase() {
  FeatureOptions features;
  features.sample = Sampling(options_.views);
  features.folder = options_.head.cache_folder.empty()
                        ? folder_.File("")
                        : options_.head.cache_folder;
  features.batch = options_.tune.batch;
  features.workers = options_.data.workers;
  features.check = ThrowIfInterrupted;
  ProgressBar bar(data_.dataset.samples.size(), "pictures");
  features.progress = [&bar](size_t done, size_t) {
    bar.Update(static_cast<double>(done), "features of the frozen backbone");
  };
  const auto start = Clock::now();
  const HeadData data =
      MakeHeadData(*model_.network, &data_, features, options_.head.draws);
  bar.Clear();
  const Probe probe = FitProbe(data);
  result_.probe = MeasureScores(probe.val, data_, data_.split.val);
  folder_.Log(
      Format("features and probe: %.1f s", SecondsSince(start), 0, 0, 0));
  folder_.Log("linear probe: " + Text(result_.probe));
  if (model_.network->architecture().features == "multi") {
    model_.network->SetFeatureStatistics(probe.statistics.mean,
                                         probe.statistics.deviation);
  }
  if (options_.head.ridge) StartFromProbe(probe, model_.network.get());
  auto epoch_start = Clock::now();
  TrainHead(
      model_.network.get(), data, options_.head, options_.loss,
      options_.data.seed,
      [&](int epoch, double loss, const std::vector<double>& mu) {
        Record({"head", epoch, loss, MeasureScores(mu, data_, data_.split.val),
                SecondsSince(epoch_start)});
        epoch_start = Clock::now();
      });
}

/// Finds the parameters of the first stages through the gradient of what they
/// put out, and takes them out of training.
void Run::FreezeStages() {
  const int count = options_.tune.freeze_stages;
  if (count <= 0) return;
  const int side = 64;
  const auto stages =
      model_.network->backbone().Forward(at::zeros({1, 3, side, side}));
  const auto stage = static_cast<size_t>(count) - 1;
  if (stage >= stages.size()) {
    throw Error(ErrorCode::kUsage, "--freeze-stages " + std::to_string(count) +
                                       ": the backbone has " +
                                       std::to_string(stages.size()) +
                                       " stages");
  }
  NamedTensors parameters = ParametersOf(model_.network.get(), true);
  std::vector<at::Tensor> inputs;
  for (const auto& item : parameters) inputs.push_back(item.second);
  const auto gradients =
      torch::autograd::grad({stages[stage].sum()}, inputs, {}, false, false,
                            /*allow_unused=*/true);
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (gradients[i].defined()) inputs[i].requires_grad_(false);
  }
}

NamedTensors Run::TrainedParameters() {
  NamedTensors trained;
  for (bool backbone : {false, true}) {
    for (auto& item : ParametersOf(model_.network.get(), backbone)) {
      if (item.second.requires_grad()) trained.push_back(std::move(item));
    }
  }
  return trained;
}

std::vector<std::vector<size_t>> Run::EpochChunks(int epoch) const {
  std::vector<size_t> order = data_.split.train;
  Random random{options_.data.seed, static_cast<uint64_t>(epoch), 5};
  Shuffle(&order, &random);
  return Chunks(order, static_cast<size_t>(options_.tune.batch), false);
}

double Run::TuneStep(const Batch& batch, AdamW* optimizer,
                     WeightAverage* average) {
  const int64_t views = CountViews(options_.train_views);
  const GraphForm form =
      options_.tune.batch_graph ? GraphForm::kBatch : GraphForm::kRow;
  const HeadOutputs outputs =
      model_.network->Forward(batch.images, form, EdgeSummary::kDiagonal);
  LossInputs inputs;
  inputs.mu = outputs.mos_mu.reshape({-1, views});
  inputs.s = outputs.mos_s.reshape({-1, views});
  inputs.targets = batch.targets;
  inputs.originals = batch.originals;
  inputs.strengths = batch.strengths;
  const at::Tensor loss = FinetuneLoss(inputs, options_.loss);
  optimizer->ZeroGrad();
  loss.backward();
  const auto steps = static_cast<double>(EpochChunks(0).size());
  const double done =
      (progress_.epoch + static_cast<double>(progress_.step) / steps) /
      options_.tune.epochs;
  optimizer->Step(CosineSchedule(done, options_.tune.warmup),
                  options_.tune.clip);
  average->Update();
  return loss.item<double>();
}

void Run::TuneEpoch(AdamW* optimizer, WeightAverage* average) {
  SampleOptions sample = Sampling(options_.train_views);
  sample.augment = true;
  sample.degrade = options_.tune.degrade;
  sample.seed = options_.data.seed ^ kTuneSeed;
  const auto chunks = EpochChunks(progress_.epoch);
  const auto epoch = static_cast<uint64_t>(progress_.epoch) + 1;
  BatchQueue queue(
      [&](size_t i) {
        return MakeBatch(data_.pictures.get(), data_.targets, sample, epoch,
                         chunks[i]);
      },
      progress_.step, chunks.size(), options_.data.workers, 3);
  ProgressBar bar(chunks.size(), "batches");
  auto start = Clock::now();
  for (Batch batch; queue.Next(&batch);) {
    progress_.loss_sum += TuneStep(batch, optimizer, average);
    ++progress_.step;
    progress_.seconds += SecondsSince(start);
    start = Clock::now();
    bar.Update(static_cast<double>(progress_.step),
               "epoch " + std::to_string(epoch));
    const auto every = static_cast<size_t>(options_.tune.save_every);
    if (Interrupted() || progress_.step % every == 0) {
      SaveState(folder_.File(kState), *model_.network, *optimizer, *average,
                progress_, config_);
    }
    ThrowIfInterrupted();
  }
}

void Run::EndEpoch(AdamW* optimizer, WeightAverage* average) {
  const auto steps = static_cast<double>(progress_.step);
  average->Swap();
  const Predictions predictions = Predict(
      model_.network.get(), &data_, data_.split.val, Sampling(options_.views),
      options_.tune.batch, options_.data.workers);
  EpochRow row{"all", progress_.epoch + 1, progress_.loss_sum / steps,
               MeasureScores(predictions.mu, data_, data_.split.val),
               progress_.seconds};
  Record(row);
  SaveModel(folder_.File(kLast), Info(row.val), *model_.network,
            StorageType::kFloat32);
  average->Swap();
  ++progress_.epoch;
  progress_.step = 0;
  progress_.loss_sum = 0;
  progress_.seconds = 0;
  SaveState(folder_.File(kState), *model_.network, *optimizer, *average,
            progress_, config_);
}

void Run::TunePhase() {
  FreezeStages();
  const auto take = [this](bool backbone) {
    NamedTensors trained;
    for (auto& item : ParametersOf(model_.network.get(), backbone)) {
      if (item.second.requires_grad()) trained.push_back(std::move(item));
    }
    return trained;
  };
  const TuneOptions& tune = options_.tune;
  AdamW optimizer({{take(false), tune.rate, tune.weight_decay},
                   {take(true), tune.backbone_rate, tune.weight_decay}});
  WeightAverage average(tune.ema, TrainedParameters());
  if (options_.resume && folder_.Has(kState)) {
    progress_ = LoadState(folder_.File(kState), model_.network.get(),
                          &optimizer, &average, config_);
    folder_.Log("resumed after epoch " + std::to_string(progress_.epoch) +
                ", step " + std::to_string(progress_.step));
  }
  while (progress_.epoch < tune.epochs) {
    TuneEpoch(&optimizer, &average);
    EndEpoch(&optimizer, &average);
  }
}

FinetuneResult Run::Go() {
  const bool resumes = options_.resume && folder_.Has(kState);
  if (!resumes) HeadPhase();
  if (options_.tune.epochs > 0) TunePhase();
  for (const EpochRow& row : progress_.rows) {
    if (row.val.srocc == progress_.best) result_.best = row.val;
  }
  folder_.Log("best: " + Text(result_.best) + ", " + folder_.File(kBest));
  return result_;
}

}  // namespace

FinetuneResult Finetune(const FinetuneOptions& options) {
  if (options.threads > 0) at::set_num_threads(options.threads);
  return Run(options).Go();
}

}  // namespace graphiqa
