// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "average.h"
#include "commands.h"
#include "program/args.h"

namespace graphiqa {
namespace {

ProgramSpec Spec() {
  ProgramSpec spec;
  spec.name = "gq-trainer average";
  spec.synopsis = "MODEL MODEL… --out FILE [OPTION]…";
  spec.about =
      "Averages the weights of models that were finetuned from one start "
      "(\"model soup\", Wortsman et al. 2022). The models must agree in "
      "everything but their weights and their training records.";
  spec.options = {{"--out", "FILE", "model file to write", ""},
                  {"--name", "NAME", "of the model (default the first's)", ""},
                  {"--storage", "TYPE",
                   "half (default) or single: precision of the weights", ""}};
  return spec;
}

int Body(const Arguments& arguments) {
  if (!arguments.Has("--out")) {
    throw Error(ErrorCode::kUsage, "--out is missing: which file?");
  }
  const bool half =
      arguments.GetChoice("--storage", "half", {"half", "single"}) == "half";
  Model model = AverageModels(arguments.positional());
  model.info.name = arguments.Get("--name", model.info.name);
  SaveModel(arguments.Get("--out"), model.info, *model.network,
            half ? StorageType::kFloat16 : StorageType::kFloat32);
  return kExitOk;
}

}  // namespace

int RunAverage(const std::vector<std::string>& arguments) {
  return RunProgram(Spec(), arguments, Body);
}

}  // namespace graphiqa
