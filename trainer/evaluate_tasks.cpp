// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "evaluate_tasks.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <deque>
#include <future>
#include <map>
#include <sstream>

#include "distortions/distortion.h"
#include "format/atomic_file.h"
#include "interrupt.h"
#include "kadid_scores.h"
#include "loader.h"
#include "ordered_queue.h"
#include "picture.h"
#include "program/csv_line.h"
#include "program/progress.h"
#include "random.h"
#include "scorer.h"

namespace graphiqa {
namespace {

constexpr size_t kInFlight = 16;
constexpr int kCells = kDistortionTypes * kDistortionLevels;
constexpr uint64_t kDrawStream = 51;

/// Photograph number i / (kCells + 1), undistorted and then all cells.
Item CellOf(PictureCache* pictures, const std::vector<size_t>& photos, size_t i,
            uint64_t seed) {
  const size_t cell = i % (kCells + 1);
  Item item;
  item.pictures = pictures;
  item.index = photos[i / (kCells + 1)];
  if (cell == 0) return item;
  item.type = 1 + static_cast<int>(cell - 1) / kDistortionLevels;
  item.level = 1 + static_cast<int>(cell - 1) % kDistortionLevels;
  item.draw = Random{seed, item.index, cell, kDrawStream}.Next();
  return item;
}

/// KADID's number of a row of the type head; 0 for none.
int NumberOf(const ModelDescription& model, int row) {
  const std::string& name = model.types.at(static_cast<size_t>(row));
  return name == "none" ? 0 : FindDistortion(name).number;
}

TaskPrediction Predicted(const Item& item, const std::string& image,
                         const ModelDescription& model,
                         const QualityResult& result) {
  TaskPrediction prediction;
  prediction.image = image;
  prediction.type = item.type;
  prediction.level = item.level;
  prediction.score = result.score;
  prediction.uncertainty = result.uncertainty;
  prediction.said = NumberOf(model, *result.distortion);
  prediction.confidence = result.confidence;
  prediction.said_level = *result.level;
  return prediction;
}

void RequireTasks(const Dataset& dataset, const ModelDescription& model) {
  const bool distorted =
      std::any_of(dataset.samples.begin(), dataset.samples.end(),
                  [](const Sample& sample) { return sample.distortion > 0; });
  if (dataset.rated || distorted) {
    throw Error(ErrorCode::kUsage,
                "data set " + dataset.name +
                    " holds no undistorted photographs to distort");
  }
  if (!model.type_trained || !model.level_trained) {
    throw Error(ErrorCode::kUsage,
                "model " + model.name +
                    " does not name and grade distortions: its heads are not "
                    "trained");
  }
}

bool Counts(const TaskPrediction& p, int lowest) {
  return p.type == 0 || p.level >= lowest;
}

double Share(size_t right, size_t all) {
  return all == 0 ? 0 : static_cast<double>(right) / static_cast<double>(all);
}

double Accuracy(const std::vector<TaskPrediction>& predictions, int lowest,
                bool alike) {
  size_t right = 0;
  size_t all = 0;
  for (const TaskPrediction& p : predictions) {
    if (!Counts(p, lowest)) continue;
    ++all;
    right += p.said == p.type || (alike && LookAlike(p.type, p.said));
  }
  return Share(right, all);
}

double LevelCorrelation(const std::vector<TaskPrediction>& predictions) {
  std::vector<double> said;
  std::vector<double> levels;
  for (const TaskPrediction& p : predictions) {
    if (p.type == 0) continue;
    said.push_back(p.said_level);
    levels.push_back(p.level);
  }
  return Srocc(said, levels);
}

double KadidCorrelation(const std::vector<TaskPrediction>& predictions) {
  std::map<std::pair<int, int>, std::pair<double, size_t>> sums;
  for (const TaskPrediction& p : predictions) {
    if (p.type == 0) continue;
    auto& sum = sums[{p.type, p.level}];
    sum.first += p.score;
    ++sum.second;
  }
  std::vector<double> ours;
  std::vector<double> theirs;
  for (const auto& [cell, sum] : sums) {
    ours.push_back(sum.first / static_cast<double>(sum.second));
    theirs.push_back(KadidMeanScore(cell.first, cell.second));
  }
  return Srocc(ours, theirs);
}

double CleanAbove(const std::vector<TaskPrediction>& predictions) {
  std::map<std::string, double> clean;
  for (const TaskPrediction& p : predictions) {
    if (p.type == 0) clean[p.image] = p.score;
  }
  size_t above = 0;
  size_t all = 0;
  for (const TaskPrediction& p : predictions) {
    if (p.type == 0 || p.level < 3) continue;
    ++all;
    above += clean.at(p.image) > p.score;
  }
  return Share(above, all);
}

}  // namespace

std::vector<TaskPrediction> ScoreTasks(const EvaluateOptions& options) {
  const SetOptions& set = options.data.sets.at(0);
  const Dataset dataset = ReadDataset(set.name, set.source);
  const std::vector<size_t> photos = ChosenSamples(dataset, options);
  const std::shared_ptr<Scorer> scorer = OpenForEvaluation(options);
  RequireTasks(dataset, scorer->model());
  std::vector<std::string> paths;
  for (const Sample& sample : dataset.samples) paths.push_back(sample.path);
  PictureCache pictures(paths, options.data.cache_mb << 20);
  const size_t count = photos.size() * (kCells + 1);
  const auto item = [&](size_t i) {
    return CellOf(&pictures, photos, i, options.data.seed);
  };
  OrderedQueue<Picture> queue([&](size_t i) { return MakePicture(item(i)); }, 0,
                              count, options.data.workers, kInFlight);
  std::vector<TaskPrediction> predictions;
  std::deque<std::future<QualityResult>> waiting;
  ProgressBar bar(count, "pictures");
  const auto take = [&] {
    const Item done = item(predictions.size());
    predictions.push_back(Predicted(done, dataset.samples[done.index].image,
                                    scorer->model(), waiting.front().get()));
    waiting.pop_front();
    bar.Update(static_cast<double>(predictions.size()));
  };
  for (Picture picture; queue.Next(&picture);) {
    ThrowIfInterrupted();
    if (waiting.size() == kInFlight) take();
    waiting.push_back(SubmitPicture(scorer.get(), picture, options.crops));
  }
  while (!waiting.empty()) take();
  return predictions;
}

bool LookAlike(int type, int said) {
  // The two blurs without a direction; the noises on all pixels; brightness
  // raised or lowered by a curve or by an offset.
  static constexpr std::array<std::array<int, 2>, 5> kPairs = {
      {{1, 2}, {11, 12}, {11, 14}, {16, 18}, {17, 18}}};
  return std::any_of(kPairs.begin(), kPairs.end(), [&](const auto& pair) {
    return (pair[0] == type && pair[1] == said) ||
           (pair[1] == type && pair[0] == said);
  });
}

TaskMeasures MeasureTasks(const std::vector<TaskPrediction>& predictions) {
  TaskMeasures measures;
  measures.photographs = predictions.size() / (kCells + 1);
  measures.accuracy = Accuracy(predictions, 2, false);
  measures.accuracy_alike = Accuracy(predictions, 2, true);
  measures.accuracy_all = Accuracy(predictions, 1, false);
  measures.level_srocc = LevelCorrelation(predictions);
  measures.kadid_srocc = KadidCorrelation(predictions);
  measures.clean_above = CleanAbove(predictions);
  return measures;
}

Confusion TypeConfusion(const std::vector<TaskPrediction>& predictions) {
  std::vector<std::string> names{"none"};
  for (int i = 0; i < kDistortionTypes; ++i) {
    names.push_back(kDistortions[i].name);
  }
  std::vector<int> truth;
  std::vector<int> said;
  for (const TaskPrediction& p : predictions) {
    if (!Counts(p, 2)) continue;
    truth.push_back(p.type);
    said.push_back(p.said);
  }
  return CountConfusion(names, truth, said);
}

void WriteTaskPredictions(const std::string& path,
                          const std::vector<TaskPrediction>& predictions) {
  std::ostringstream text;
  text.precision(6);
  text << "file,type,level,score,uncertainty,said,confidence,said_level\n";
  for (const TaskPrediction& p : predictions) {
    text << CsvField(p.image) << ',' << p.type << ',' << p.level << ','
         << p.score << ',' << p.uncertainty << ',' << p.said << ','
         << p.confidence << ',' << p.said_level << '\n';
  }
  WriteFileAtomically(path, text.str());
}

void PrintTasks(const std::vector<TaskPrediction>& predictions) {
  const TaskMeasures m = MeasureTasks(predictions);
  std::printf(
      "photographs                                %zu\n"
      "types named right, levels 2-5 and none     %.2f %%\n"
      "the same, look-alikes count as right       %.2f %%\n"
      "types named right, levels 1-5 and none     %.2f %%\n"
      "SROCC of predicted and true level          %.4f\n"
      "SROCC of 125 mean scores with KADID's      %.4f\n"
      "undistorted above its levels 3-5           %.2f %%\n\n",
      m.photographs, 100 * m.accuracy, 100 * m.accuracy_alike,
      100 * m.accuracy_all, m.level_srocc, m.kadid_srocc, 100 * m.clean_above);
  std::printf("%-28s %7s  taken most often for\n", "type (levels 2-5)",
              "right");
  const Confusion confusion = TypeConfusion(predictions);
  for (size_t type = 0; type < confusion.names.size(); ++type) {
    const auto& row = confusion.counts[type];
    size_t other = type == 0 ? 1 : 0;
    int64_t total = 0;
    for (size_t said = 0; said < row.size(); ++said) {
      total += row[said];
      if (said != type && row[said] > row[other]) other = said;
    }
    std::printf("%-28s %6.1f %%  %s (%.1f %%)\n", confusion.names[type].c_str(),
                100 * confusion.Recall(type), confusion.names[other].c_str(),
                100.0 * static_cast<double>(row[other]) /
                    static_cast<double>(std::max<int64_t>(total, 1)));
  }
}

}  // namespace graphiqa
