// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>

#include "calibration.h"
#include "commands.h"
#include "common_options.h"
#include "evaluate.h"
#include "evaluate_tasks.h"
#include "format/atomic_file.h"
#include "plot.h"
#include "results.h"

namespace graphiqa {
namespace {

ProgramSpec Spec() {
  ProgramSpec spec;
  spec.name = "gq-trainer evaluate";
  spec.synopsis = "--dataset NAME --data PATH --ckpt FILE [OPTION]…";
  spec.about =
      "Scores a data set with a model file, through the same engine as the "
      "element and gq-score, and measures the agreement with its ratings: "
      "SROCC, KROCC (tau-b), PLCC and RMSE as they are and after VQEG's "
      "four-parameter logistic fit; in all, and by type of distortion where "
      "the data set names types. With data set online it distorts photographs "
      "at every type and level and measures how well the model names, grades "
      "and scores them.";
  spec.options = DataOptionSpecs();
  for (const OptionSpec& option : std::vector<OptionSpec>{
           {"--ckpt", "FILE", "model file", ""},
           {"--part", "PART", "all (default), or train, val, test of the split",
            ""},
           {"--device", "NAME", "auto (default), cpu, cuda, cuda:N", ""},
           {"--precision", "TYPE", "fp32 (default), auto, bf16, fp16", ""},
           {"--crops", "N", "views per picture (default the model's)", ""},
           {"--splits", "N",
            "measure the held-out parts of N random splits by group as well "
            "(--val-fraction of the groups, seeds from --seed on); print "
            "median, lowest and highest",
            ""},
           {"--csv", "FILE", "write file,mos,score,uncertainty", ""},
           {"--confusion", "FILE",
            "data set online: write how often each type was taken for each "
            "other, levels 2-5, as SVG, or as CSV where FILE ends in .csv",
            ""},
           {"--scatter", "FILE", "write a scatter plot as SVG", ""},
           {"--calibration", "FILE",
            "print how well the uncertainty tells the error, and write its "
            "curves as SVG",
            ""}}) {
    spec.options.push_back(option);
  }
  spec.epilog = DatasetHelp();
  return spec;
}

void WriteScatter(const std::string& path,
                  const std::vector<Prediction>& predictions) {
  Series series{"score against rating", {}};
  for (const Prediction& row : predictions) {
    series.points.push_back({row.mos, row.score});
  }
  WriteFileAtomically(path, ScatterPlot("rating", "score", series));
}

/// Data sets that are distorted while they are evaluated.
bool IsTaskSet(const std::string& name) { return name == "online"; }

void WriteConfusion(const std::string& path,
                    const std::vector<TaskPrediction>& predictions) {
  const Confusion confusion = TypeConfusion(predictions);
  const bool csv = std::filesystem::path(path).extension() == ".csv";
  WriteFileAtomically(path,
                      csv ? ConfusionCsv(confusion) : ConfusionPlot(confusion));
}

int Tasks(const EvaluateOptions& options, const Arguments& arguments) {
  const std::vector<TaskPrediction> predictions = ScoreTasks(options);
  PrintTasks(predictions);
  if (arguments.Has("--csv")) {
    WriteTaskPredictions(arguments.Get("--csv"), predictions);
  }
  if (arguments.Has("--confusion")) {
    WriteConfusion(arguments.Get("--confusion"), predictions);
  }
  return kExitOk;
}

/// One member of all the predictions.
template <typename T>
std::vector<T> All(const std::vector<Prediction>& predictions,
                   T Prediction::*member) {
  std::vector<T> values;
  for (const Prediction& row : predictions) values.push_back(row.*member);
  return values;
}

void PrintResults(const std::string& label, int splits,
                  const DataOptions& options,
                  const std::vector<Prediction>& predictions) {
  const std::vector<double> scores = All(predictions, &Prediction::score);
  const std::vector<double> ratings = All(predictions, &Prediction::mos);
  std::vector<ResultRow> rows =
      MeasureSubsets(scores, ratings, All(predictions, &Prediction::subset));
  rows.push_back({label, predictions.size(), Measure(predictions)});
  if (splits > 0) {
    const SplitResults results =
        MeasureSplits(scores, ratings, All(predictions, &Prediction::group),
                      options.val_fraction, splits, options.seed);
    for (ResultRow& row : SplitRows(results)) rows.push_back(std::move(row));
  }
  std::fputs(ResultTable(rows).c_str(), stdout);
}

void ReportCalibration(const std::string& path,
                       const std::vector<Prediction>& predictions) {
  const Calibration calibration = MeasureCalibration(
      All(predictions, &Prediction::score), All(predictions, &Prediction::mos),
      All(predictions, &Prediction::uncertainty));
  std::printf("\n%s", CalibrationTable(calibration).c_str());
  WriteFileAtomically(path, CalibrationPlot(calibration));
}

int Body(const Arguments& arguments) {
  RequireNoPositional(arguments);
  EvaluateOptions options;
  options.data = ParseDataOptions(arguments);
  options.part =
      arguments.GetChoice("--part", "all", {"all", "train", "val", "test"});
  options.checkpoint = arguments.Get("--ckpt");
  if (options.checkpoint.empty()) {
    throw Error(ErrorCode::kUsage, "--ckpt is missing: which model?");
  }
  options.device = arguments.Get("--device", "auto");
  options.precision = arguments.Get("--precision", "fp32");
  options.crops = static_cast<int>(arguments.GetInt("--crops", 0, 0, 256));
  if (IsTaskSet(options.data.sets[0].name)) return Tasks(options, arguments);
  const int splits = GetCount(arguments, "--splits", 0, 0, 100'000);
  const std::vector<Prediction> predictions = ScoreDataset(options);
  PrintResults(options.data.sets[0].name + ", " + options.part, splits,
               options.data, predictions);
  if (arguments.Has("--csv")) {
    WritePredictions(arguments.Get("--csv"), predictions);
  }
  if (arguments.Has("--scatter")) {
    WriteScatter(arguments.Get("--scatter"), predictions);
  }
  if (arguments.Has("--calibration")) {
    ReportCalibration(arguments.Get("--calibration"), predictions);
  }
  return kExitOk;
}

}  // namespace

int RunEvaluate(const std::vector<std::string>& arguments) {
  return RunInterruptible(Spec(), arguments, Body);
}

}  // namespace graphiqa
