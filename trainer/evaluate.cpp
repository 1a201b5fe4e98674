// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "evaluate.h"

#include <deque>
#include <future>
#include <numeric>
#include <sstream>

#include "format/atomic_file.h"
#include "interrupt.h"
#include "picture.h"
#include "program/csv_line.h"
#include "program/progress.h"
#include "scorer.h"
#include "split.h"

namespace graphiqa {
namespace {

// Pictures in flight: enough to fill batches while others are decoded.
constexpr size_t kInFlight = 16;

Precision ParsePrecision(const std::string& name) {
  if (name == "auto") return Precision::kAuto;
  if (name == "fp32") return Precision::kFp32;
  if (name == "bf16") return Precision::kBf16;
  if (name == "fp16") return Precision::kFp16;
  throw Error(ErrorCode::kUsage,
              "precision '" + name + "' is not auto, fp32, bf16 or fp16");
}

}  // namespace

std::vector<size_t> ChosenSamples(const Dataset& dataset,
                                  const EvaluateOptions& options) {
  if (options.part == "all") {
    std::vector<size_t> all(dataset.samples.size());
    std::iota(all.begin(), all.end(), size_t{0});
    return all;
  }
  const SetOptions& set = options.data.sets.at(0);
  const Split split =
      set.split_file.empty()
          ? MakeSplit(dataset, options.data.val_fraction, options.data.seed,
                      dataset.rated ? 0 : options.data.test_fraction)
          : ReadSplit(set.split_file, dataset);
  const std::vector<size_t>& part = split.Part(options.part);
  if (part.empty()) {
    throw Error(ErrorCode::kUsage,
                "part '" + options.part + "' holds no picture");
  }
  return part;
}

std::shared_ptr<Scorer> OpenForEvaluation(const EvaluateOptions& options) {
  ScorerOptions open;
  open.model_file = options.checkpoint;
  open.device = options.device;
  open.precision = ParsePrecision(options.precision);
  return OpenScorer(open);
}

std::future<QualityResult> SubmitPicture(Scorer* scorer, const Picture& picture,
                                         int crops) {
  const std::vector<View> views =
      PlanViews(scorer->model().plan, picture.width, picture.height, 0, crops);
  return scorer->Submit(CutViews(views, picture.rgb.data(), picture.width,
                                 picture.height, picture.stride()));
}

std::vector<Prediction> ScoreDataset(const EvaluateOptions& options) {
  const SetOptions& set = options.data.sets.at(0);
  const Dataset dataset = ReadDataset(set.name, set.source);
  RequireRatings(dataset);
  const std::vector<size_t> chosen = ChosenSamples(dataset, options);
  const std::shared_ptr<Scorer> scorer = OpenForEvaluation(options);
  std::vector<Prediction> predictions;
  std::deque<std::future<QualityResult>> waiting;
  ProgressBar bar(chosen.size(), "pictures");
  const auto take = [&] {
    const QualityResult result = waiting.front().get();
    waiting.pop_front();
    const Sample& sample = dataset.samples[chosen[predictions.size()]];
    predictions.push_back({sample.image, dataset.Score(sample), result.score,
                           result.uncertainty, sample.subset, sample.group});
    bar.Update(static_cast<double>(predictions.size()));
  };
  for (size_t index : chosen) {
    ThrowIfInterrupted();
    if (waiting.size() == kInFlight) take();
    waiting.push_back(SubmitPicture(
        scorer.get(), ReadPicture(dataset.samples[index].path), options.crops));
  }
  while (!waiting.empty()) take();
  return predictions;
}

Agreement Measure(const std::vector<Prediction>& predictions) {
  std::vector<double> scores;
  std::vector<double> ratings;
  for (const Prediction& prediction : predictions) {
    scores.push_back(prediction.score);
    ratings.push_back(prediction.mos);
  }
  return Measure(scores, ratings);
}

void WritePredictions(const std::string& path,
                      const std::vector<Prediction>& predictions) {
  std::ostringstream text;
  text.precision(8);
  text << "file,mos,score,uncertainty\n";
  for (const Prediction& row : predictions) {
    text << CsvField(row.image) << ',' << row.mos << ',' << row.score << ','
         << row.uncertainty << '\n';
  }
  WriteFileAtomically(path, text.str());
}

}  // namespace graphiqa
