// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include "common_options.h"
#include "evaluate.h"
#include "format/atomic_file.h"
#include "plot.h"

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
      "four-parameter logistic fit.";
  spec.options = DataOptionSpecs();
  for (const OptionSpec& option : std::vector<OptionSpec>{
           {"--ckpt", "FILE", "model file", ""},
           {"--part", "PART", "all (default), or train, val, test of the split",
            ""},
           {"--device", "NAME", "auto (default), cpu, cuda, cuda:N", ""},
           {"--precision", "TYPE", "fp32 (default), auto, bf16, fp16", ""},
           {"--crops", "N", "views per picture (default the model's)", ""},
           {"--csv", "FILE", "write file,mos,score,uncertainty", ""},
           {"--scatter", "FILE", "write a scatter plot as SVG", ""}}) {
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
  const std::vector<Prediction> predictions = ScoreDataset(options);
  PrintAgreement(options.data.dataset + ", " + options.part, predictions.size(),
                 Measure(predictions));
  if (arguments.Has("--csv")) {
    WritePredictions(arguments.Get("--csv"), predictions);
  }
  if (arguments.Has("--scatter")) {
    WriteScatter(arguments.Get("--scatter"), predictions);
  }
  return kExitOk;
}

}  // namespace

int RunEvaluate(const std::vector<std::string>& arguments) {
  return RunInterruptible(Spec(), arguments, Body);
}

}  // namespace graphiqa
