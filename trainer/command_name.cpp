// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "commands.h"
#include "common_options.h"
#include "name.h"

namespace graphiqa {
namespace {

std::vector<OptionSpec> VersionOptionSpecs() {
  return {
      {"--ckpt", "FILE", "the model that learns", ""},
      {"--nodes", "N",
       "the first nodes of its graph alone are kept: what --side-nodes added "
       "is left out (default all)",
       ""},
      {"--versions", "N",
       "distorted versions of photographs to learn from (default 150000)", ""},
      {"--contents", "N",
       "rated training pictures, the best ones, that are distorted beside the "
       "photographs (default 1300)",
       ""},
      {"--statistics", "DIR",
       "folder that keeps the versions' statistics, in files of 2000, so that "
       "making them can be interrupted (default the run's)",
       ""},
      {"--undistorted", "P", "share of undistorted versions (default 0.06)",
       ""},
      {"--scaled", "P",
       "share of versions whose photograph is made smaller first (default "
       "0.4)",
       ""},
      {"--augment-chroma", "P",
       "share of versions that pass through 8-bit 4:2:0 (default 0.33)", ""},
      {"--draws", "N", "sets of random views of a version (default 2)", ""},
  };
}

std::vector<OptionSpec> NamingOptionSpecs() {
  return {
      {"--hidden", "LIST", "units of the hidden layers (default 512,256)", ""},
      {"--epochs", "N",
       "(default 40); 0 makes the statistics alone, or of a model that names "
       "already fits the drops alone",
       ""},
      {"--bs", "N", "views per step (default 1024)", ""},
      {"--lr", "R", "peak rate (default 2e-3)", ""},
      {"--weight-decay", "D", "(default 0.02)", ""},
      {"--dropout", "P", "of hidden units (default 0.3)", ""},
      {"--smoothing", "P", "of the types' labels (default 0.02)", ""},
      {"--loss-level", "W", "weight of grading (default 0.3)", ""},
      {"--ema", "D", "decay of averaged weights (default 0.999)", ""},
      {"--train-precision", "TYPE",
       "fp32 (default), or bf16: hidden layers and the backbone compute in "
       "bfloat16",
       ""},
      {"--sure", "P",
       "probability of a type above which it takes off the score (default "
       "0.5)",
       ""},
      {"--floor", "S", "score of the worst distortion (default 10)", ""},
      {"--natural", "W",
       "how much rated pictures hold the drops down (default 0.1)", ""},
  };
}

ProgramSpec Spec() {
  ProgramSpec spec;
  spec.name = "gq-trainer name";
  spec.synopsis =
      "--dataset RATED,online --data PATHS --ckpt FILE --out DIR [OPTION]…";
  spec.about =
      "Teaches a trained model to name and grade distortions by the statistics "
      "of the view alone (features multi-stats), from many distorted versions "
      "of photographs, and fits what a surely named distortion takes off the "
      "score, so that mean scores of types and levels follow KADID-10k's. What "
      "the model's graph says about types and levels is no longer used; its "
      "score's weights stay as they are.";
  spec.options = DataOptionSpecs();
  Append(RunOptionSpecs(), &spec.options);
  Append(VersionOptionSpecs(), &spec.options);
  Append(NamingOptionSpecs(), &spec.options);
  spec.epilog = DatasetHelp();
  return spec;
}

std::vector<int64_t> ParseHidden(const std::string& text) {
  std::vector<int64_t> units;
  std::istringstream items(text);
  for (std::string item; std::getline(items, item, ',');) {
    char* end = nullptr;
    units.push_back(std::strtoll(item.c_str(), &end, 10));
    if (item.empty() || *end != '\0') units.back() = 0;
  }
  const bool good = !units.empty() && units.size() <= 8 &&
                    std::all_of(units.begin(), units.end(),
                                [](int64_t n) { return n >= 1 && n <= 4096; });
  if (good) return units;
  throw Error(ErrorCode::kUsage, "--hidden '" + text +
                                     "': want up to 8 numbers of units, 1 to "
                                     "4096, with commas between them");
}

void ParseVersions(const Arguments& arguments, NameOptions* options) {
  VersionOptions& versions = options->versions;
  versions.seed = options->data.seed;
  options->count = static_cast<uint64_t>(
      GetCount(arguments, "--versions", 150'000, 1, 100'000'000));
  options->contents =
      GetCount(arguments, "--contents", options->contents, 0, 1'000'000);
  options->statistics = arguments.Get("--statistics");
  versions.none = arguments.GetDouble("--undistorted", versions.none, 0, 1);
  versions.scaled = arguments.GetDouble("--scaled", versions.scaled, 0, 1);
  versions.chroma =
      arguments.GetDouble("--augment-chroma", versions.chroma, 0, 1);
  versions.draws = GetCount(arguments, "--draws", versions.draws, 1, 64);
}

void ParseNaming(const Arguments& arguments, NamingOptions* naming) {
  if (arguments.Has("--hidden")) {
    naming->hidden = ParseHidden(arguments.Get("--hidden"));
  }
  naming->epochs = GetCount(arguments, "--epochs", naming->epochs, 0, 100'000);
  naming->batch = GetCount(arguments, "--bs", naming->batch, 1, 1'000'000);
  naming->rate = arguments.GetDouble("--lr", naming->rate, 0, 1);
  naming->weight_decay =
      arguments.GetDouble("--weight-decay", naming->weight_decay, 0, 100);
  naming->dropout = arguments.GetDouble("--dropout", naming->dropout, 0, 0.99);
  naming->smoothing =
      arguments.GetDouble("--smoothing", naming->smoothing, 0, 0.99);
  naming->level = arguments.GetDouble("--loss-level", naming->level, 0, 1000);
  naming->ema = arguments.GetDouble("--ema", naming->ema, 0, 0.99999);
  naming->bf16 = arguments.GetChoice("--train-precision", "fp32",
                                     {"fp32", "bf16"}) == "bf16";
}

NameOptions Parse(const Arguments& arguments) {
  RequireNoPositional(arguments);
  NameOptions options;
  options.data = ParseDataOptions(arguments);
  options.run = ParseRunOptions(arguments);
  options.checkpoint = arguments.Get("--ckpt");
  if (options.checkpoint.empty()) {
    throw Error(ErrorCode::kUsage, "--ckpt is missing: which model?");
  }
  options.nodes = GetCount(arguments, "--nodes", 0, 0, 8192);
  ParseVersions(arguments, &options);
  ParseNaming(arguments, &options.naming);
  options.bf16 = options.naming.bf16;
  DropOptions& drops = options.drops;
  drops.sure = arguments.GetDouble("--sure", drops.sure, 0, 0.999);
  drops.floor = arguments.GetDouble("--floor", drops.floor, 0, 100);
  drops.natural = arguments.GetDouble("--natural", drops.natural, 0, 1e6);
  return options;
}

}  // namespace

int RunName(const std::vector<std::string>& arguments) {
  return RunInterruptible(Spec(), arguments, [](const Arguments& parsed) {
    Name(Parse(parsed));
    return kExitOk;
  });
}

}  // namespace graphiqa
