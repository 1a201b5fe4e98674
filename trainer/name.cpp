// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "name.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <torch/utils.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "evaluate_tasks.h"
#include "frozen_features.h"
#include "interrupt.h"
#include "kadid_scores.h"
#include "program/progress.h"
#include "run_folder.h"
#include "run_info.h"
#include "session.h"
#include "version_statistics.h"
#include "widen.h"

namespace graphiqa {
namespace {

/// So that about half of the versions are of photographs that had no flaw.
constexpr int kPhotographRepeats = 3;

/// Photographs, and the rated pictures that people liked best.
std::vector<Content> ContentsOf(const AllData& data, int best_rated) {
  std::vector<Content> contents;
  for (int i = 0; i < kPhotographRepeats; ++i) {
    for (size_t index : data.distorted.split.train) {
      contents.push_back(
          {data.distorted.pictures.get(), index, data.distorted.names[index]});
    }
  }
  std::vector<size_t> rated = data.rated.split.train;
  const auto score = [&data](size_t index) {
    return data.rated.dataset.Score(data.rated.dataset.samples[index]);
  };
  std::stable_sort(rated.begin(), rated.end(), [&score](size_t a, size_t b) {
    return score(a) > score(b);
  });
  rated.resize(std::min(rated.size(), static_cast<size_t>(best_rated)));
  for (size_t index : rated) {
    contents.push_back(
        {data.rated.pictures.get(), index, data.rated.names[index]});
  }
  return contents;
}

/// What looks undistorted is undistorted, whatever it is called.
bool LooksUndistorted(int type, int level) {
  return type == 0 || IsIdentity(type, level);
}

/// Views of versions with their labels.
NamingData LabelledViews(const VersionSet& set, int none_row) {
  const int64_t views = set.statistics.size(1);
  std::vector<int64_t> types;
  std::vector<float> levels;
  for (const Version& version : set.versions) {
    const bool none = LooksUndistorted(version.type, version.level);
    types.push_back(none ? none_row : version.type - 1);
    levels.push_back(none ? 0.0f : static_cast<float>(version.level));
  }
  return {set.statistics.flatten(0, 1),
          at::tensor(types).repeat_interleave(views),
          at::tensor(levels).repeat_interleave(views)};
}

/// Pictures with what is known of them and what the backbone sees.
struct Looked {
  std::vector<Item> items;
  at::Tensor features;         ///< [n, V, F] half
  std::vector<double> scores;  ///< without drops
};

/// One run, from the data to the files.
class Run {
 public:
  explicit Run(const NameOptions& options);
  void Go();

 private:
  void RequireNameable() const;
  std::string StatisticsFolder() const;
  VersionSet Versions() const;
  void Learn();
  Looked Look(const TrainingData& data, const std::vector<Item>& items,
              const char* what) const;
  void LookAtAll();
  std::vector<SaidPicture> Said(const Looked& looked, bool rated) const;
  TaskMeasures Measured(const std::vector<SaidPicture>& photos) const;
  Agreement RatedAgreement() const;
  void FitScores();
  void Report(const std::string& what, EpochRow* row) const;
  void Save(const EpochRow& row) const;

  NameOptions options_;
  RunFolder folder_;
  AllData data_;
  Model model_;
  Looked photos_;   ///< of the validation part, each type at each level
  Looked rated_;    ///< of the validation part
  Looked natural_;  ///< rated pictures of the training part
};

Run::Run(const NameOptions& options)
    : options_(options), folder_(options.run.out, options.run.resume) {
  data_ = OpenData(options_.data);
  if (data_.rated.empty() || data_.distorted.empty()) {
    throw Error(ErrorCode::kUsage,
                "name needs a rated data set and photographs to distort: "
                "--dataset biq2021,online");
  }
  WriteSplits(data_, folder_);
  model_ = LoadModel(options_.checkpoint);
  RequireNameable();
  ArchitectureInfo architecture = model_.info.architecture;
  if (options_.nodes > 0) architecture.node_size = options_.nodes;
  if (options_.naming.epochs > 0) architecture.namer = options_.naming.hidden;
  ResizeNetwork(architecture, &model_);
  model_.info.name = options_.run.name;
}

void Run::RequireNameable() const {
  const ArchitectureInfo& architecture = model_.info.architecture;
  if (architecture.features != kMultiStats || NoneRow(architecture) < 0 ||
      !model_.info.heads.mos) {
    throw Error(ErrorCode::kUsage,
                options_.checkpoint +
                    ": name needs a model that scores, with features "
                    "multi-stats and a class for undistorted pictures");
  }
}

std::string Run::StatisticsFolder() const {
  return options_.statistics.empty() ? folder_.File("statistics")
                                     : options_.statistics;
}

VersionSet Run::Versions() const {
  StatisticsOptions statistics;
  statistics.versions = options_.versions;
  statistics.count = options_.count;
  statistics.per_file = options_.per_file;
  statistics.input = model_.info.input;
  statistics.scale = ColourScaleOf(model_.info.architecture);
  statistics.folder = StatisticsFolder();
  statistics.workers = options_.data.workers;
  ProgressBar bar(options_.count, "versions");
  statistics.progress = [&bar](uint64_t done) {
    bar.Update(static_cast<double>(done));
  };
  return MakeVersionSet(ContentsOf(data_, options_.contents), statistics);
}

Looked Run::Look(const TrainingData& data, const std::vector<Item>& items,
                 const char* what) const {
  FeatureOptions options;
  options.sample.input = model_.info.input;
  options.sample.views = model_.info.input.views;
  options.sample.bf16 = options_.bf16;
  options.folder = StatisticsFolder();
  options.workers = options_.data.workers;
  options.check = ThrowIfInterrupted;
  ProgressBar bar(items.size(), what);
  options.progress = [&bar](size_t done, size_t) {
    bar.Update(static_cast<double>(done));
  };
  Looked looked{items, {}, {}};
  looked.features = FrozenFeatures(*model_.network, items, data.names, options);
  const ScoreInfo& score = model_.info.score;
  for (double mu : PredictFeatures(model_.network.get(), looked.features).mu) {
    looked.scores.push_back(
        std::clamp(score.gain * mu + score.offset, 0.0, 100.0));
  }
  return looked;
}

void Run::LookAtAll() {
  std::vector<Item> cells;
  const std::vector<size_t>& photos = data_.distorted.split.val;
  for (size_t i = 0; i < photos.size() * kTaskCells; ++i) {
    cells.push_back(TaskItem(data_.distorted.pictures.get(), photos, i,
                             options_.data.seed));
  }
  photos_ = Look(data_.distorted, cells, "validation photographs");
  PictureCache* rated = data_.rated.pictures.get();
  rated_ = Look(data_.rated, PlainItems(rated, data_.rated.split.val, 0, 0),
                "rated pictures");
  natural_ = Look(data_.rated, PlainItems(rated, data_.rated.split.train, 0, 0),
                  "rated pictures");
}

std::vector<SaidPicture> Run::Said(const Looked& looked, bool rated) const {
  const NamedPictures named =
      NamePictures(&model_.network->namer(), looked.features);
  const at::Tensor confidences = std::get<0>(named.probabilities.max(1));
  std::vector<SaidPicture> pictures;
  for (size_t i = 0; i < looked.items.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    SaidPicture picture;
    picture.type = looked.items[i].type;
    picture.level = looked.items[i].level;
    picture.rated = rated;
    picture.score = looked.scores[i];
    picture.said = static_cast<int>(named.types[row].item<int64_t>());
    picture.confidence = confidences[row].item<double>();
    picture.said_level = named.levels[row].item<double>();
    pictures.push_back(picture);
  }
  return pictures;
}

TaskMeasures Run::Measured(const std::vector<SaidPicture>& photos) const {
  const DropsInfo& drops = model_.info.score.drops;
  const int none = NoneRow(model_.info.architecture);
  std::vector<TaskPrediction> predictions;
  for (size_t i = 0; i < photos.size(); ++i) {
    const SaidPicture& said = photos[i];
    TaskPrediction prediction;
    prediction.image = data_.distorted.names[photos_.items[i].index];
    prediction.type = said.type;
    prediction.level = said.level;
    prediction.score = DroppedScore(said, drops.levels, drops.sure);
    prediction.said = said.said == none ? 0 : said.said + 1;
    prediction.confidence = said.confidence;
    prediction.said_level = said.said_level;
    predictions.push_back(prediction);
  }
  return MeasureTasks(predictions);
}

Agreement Run::RatedAgreement() const {
  const DropsInfo& drops = model_.info.score.drops;
  std::vector<double> scores;
  for (const SaidPicture& said : Said(rated_, true)) {
    scores.push_back(DroppedScore(said, drops.levels, drops.sure));
  }
  return Measure(scores, data_.rated.Scores(data_.rated.split.val));
}

void Run::Report(const std::string& what, EpochRow* row) const {
  const TaskMeasures tasks = Measured(Said(photos_, false));
  row->val = RatedAgreement();
  row->type_accuracy = tasks.accuracy;
  row->level_srocc = tasks.level_srocc;
  char line[200];
  std::snprintf(line, sizeof line,
                "%s: types %.2f %% (look-alikes %.2f, all levels %.2f), level "
                "%.4f, KADID %.4f, clean above %.2f %%, rated %.4f",
                what.c_str(), 100 * tasks.accuracy, 100 * tasks.accuracy_alike,
                100 * tasks.accuracy_all, tasks.level_srocc, tasks.kadid_srocc,
                100 * tasks.clean_above, row->val.srocc);
  folder_.Log(line);
}

void Run::Learn() {
  const NamingData views =
      LabelledViews(Versions(), NoneRow(model_.info.architecture));
  folder_.Log(std::to_string(views.types.size(0)) + " views to learn from");
  LookAtAll();
  EpochRow row;
  TrainNamer(views, options_.naming, options_.data.seed,
             &model_.network->namer(), [&](int epoch, double loss) {
               char what[60];
               std::snprintf(what, sizeof what, "epoch %d, loss %.4f", epoch,
                             loss);
               Report(what, &row);
             });
  model_.info.heads.type = model_.info.heads.level = true;
}

void Run::FitScores() {
  std::vector<SaidPicture> pictures = Said(photos_, false);
  const std::vector<SaidPicture> natural = Said(natural_, true);
  pictures.insert(pictures.end(), natural.begin(), natural.end());
  model_.info.score.drops = {
      options_.drops.sure,
      FitDrops(pictures, model_.info.architecture.types.size(),
               options_.drops)};
}

void Run::Save(const EpochRow& row) const {
  ModelInfo info = model_.info;
  Json record = Json::Parse(info.training, options_.checkpoint);
  record = Json::Object{
      {"before", record},
      {"naming", Json::Parse(TrainingRecord(data_, options_.data.seed,
                                            ToJson(options_), row),
                             "training")}};
  info.training = record.Dump();
  SaveModel(folder_.File("best.safetensors"), info, *model_.network,
            options_.run.half ? StorageType::kFloat16 : StorageType::kFloat32);
}

void Run::Go() {
  const bool learns = options_.naming.epochs > 0;
  if (!learns && !model_.network->has_namer()) {
    folder_.Log(std::to_string(Versions().versions.size()) + " versions");
    return;
  }
  folder_.WriteConfig(ToJson(options_));
  model_.info.score.drops = {};
  if (learns) {
    Learn();
  } else {
    LookAtAll();
  }
  EpochRow row;
  Report("without drops", &row);
  FitScores();
  Report("with drops", &row);
  Save(row);
}

}  // namespace

Json ToJson(const NameOptions& options) {
  const VersionOptions& versions = options.versions;
  const NamingOptions& naming = options.naming;
  return Json::Object{
      {"seed", static_cast<int64_t>(options.data.seed)},
      {"nodes", options.nodes},
      {"versions", static_cast<int64_t>(options.count)},
      {"contents", options.contents},
      {"none", versions.none},
      {"scaled", versions.scaled},
      {"chroma", versions.chroma},
      {"draws", versions.draws},
      {"hidden", Json::Array(naming.hidden.begin(), naming.hidden.end())},
      {"epochs", naming.epochs},
      {"batch", naming.batch},
      {"rate", naming.rate},
      {"weight_decay", naming.weight_decay},
      {"dropout", naming.dropout},
      {"smoothing", naming.smoothing},
      {"level", naming.level},
      {"ema", naming.ema},
      {"sure", options.drops.sure},
      {"floor", options.drops.floor},
      {"natural", options.drops.natural}};
}

void Name(const NameOptions& options) {
  if (options.run.threads > 0) at::set_num_threads(options.run.threads);
  Run(options).Go();
}

}  // namespace graphiqa
