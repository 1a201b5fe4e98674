// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include "common_options.h"
#include "head_phase.h"
#include "interrupt.h"
#include "program/progress.h"

namespace graphiqa {
namespace {

ProgramSpec Spec() {
  ProgramSpec spec;
  spec.name = "gq-trainer probe";
  spec.synopsis = "--dataset NAME --data PATH --weights FILE [OPTION]…";
  spec.about =
      "Measures what a linear model can read out of the frozen backbone: "
      "ridge regression in closed form on standardised features, averaged "
      "over the views, its penalty chosen by 5-fold cross-validation (by "
      "group) inside the training part; reported on the validation part. "
      "What finetuning has to beat.";
  spec.options = DataOptionSpecs();
  for (const auto& more : {NetworkOptionSpecs(), ViewOptionSpecs()}) {
    spec.options.insert(spec.options.end(), more.begin(), more.end());
  }
  spec.options.push_back(
      {"--bs", "N", "pictures per forward pass (default 16)", ""});
  spec.options.push_back({"--feature-cache", "DIR",
                          "folder that keeps the features (default none)", ""});
  spec.epilog = DatasetHelp();
  return spec;
}

int Body(const Arguments& arguments) {
  RequireNoPositional(arguments);
  const DataOptions data_options = ParseDataOptions(arguments);
  AllData all = OpenData(data_options);
  if (all.rated.empty()) {
    throw Error(ErrorCode::kUsage, "probe needs a data set with ratings");
  }
  TrainingData& data = all.rated;
  const Model model =
      BuildModel(ParseNetworkOptions(arguments), ParseViewOptions(arguments),
                 data_options.seed);
  FeatureOptions features;
  features.sample.input = model.info.input;
  features.sample.views = model.info.input.views;
  features.folder = arguments.Get("--feature-cache");
  features.batch = static_cast<int>(arguments.GetInt("--bs", 16, 1, 4096));
  features.workers = data_options.workers;
  features.check = ThrowIfInterrupted;
  ProgressBar bar(data.split.train.size() + data.split.val.size(), "pictures");
  features.progress = [&bar](size_t done, size_t) {
    bar.Update(static_cast<double>(done));
  };
  const Probe probe = FitProbe(
      MakeHeadData(*model.network, &data, features, 1, data_options.seed));
  bar.Clear();
  PrintAgreement("linear probe, " + model.info.architecture.features,
                 data.split.val.size(),
                 MeasureScores(probe.val, data, data.split.val));
  return kExitOk;
}

}  // namespace

int RunProbe(const std::vector<std::string>& arguments) {
  return RunInterruptible(Spec(), arguments, Body);
}

}  // namespace graphiqa
