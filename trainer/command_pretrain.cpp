// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include "common_options.h"
#include "pretrain.h"
#include "run_ranks.h"

namespace graphiqa {
namespace {

std::vector<OptionSpec> TaskOptionSpecs() {
  return {
      {"--protocol", "NAME",
       "own (default), or released: the released code's step and defaults "
       "(resnet50, features last, 224 px, batches of 32, Adam at 1e-5, the "
       "backbone without gradient but its norms in training mode)",
       ""},
      {"--head-epochs", "N",
       "first phase: epochs of the heads on features of the frozen backbone "
       "(default 0: no such phase)",
       ""},
      {"--head-versions", "N",
       "first phase: distorted versions of each photograph (default 24)", ""},
      {"--head-bs", "N",
       "first phase: pictures per type, as anchor and again as positive "
       "(default 8)",
       ""},
      {"--head-lr", "R", "first phase: peak rate (default 1e-3)", ""},
      {"--feature-cache", "DIR",
       "first phase: folder for the features (default the run's)", ""},
      {"--tasks", "N", "types per step (default 6)", ""},
      {"--bs", "N",
       "pictures per type, as anchor and again as positive (default 2)", ""},
      {"--steps", "N", "steps of an epoch (default 500)", ""},
      {"--epochs", "N", "epochs (default 10)", ""},
      {"--train-view-size", "PX",
       "side of a view in training (default as --view-size); smaller ones are "
       "more pictures in the same time",
       ""},
      {"--train-views", "LIST",
       "views of a training picture (default native:1)", ""},
      {"--gradient", "WHERE",
       "of the triplets: all (default) or anchor, as the released code", ""},
      {"--form", "FORM",
       "graphs of the triplets' codes: row (default), or batch as the paper, "
       "which needs a low rate",
       ""},
      {"--margin", "M", "of the triplets (default 0.1)", ""},
      {"--loss-triplet", "W", "weight of the triplets (default 1)", ""},
      {"--loss-level", "W", "weight of the level (default 0.25)", ""},
      {"--loss-type", "W",
       "weight of naming the type; 0 = as released (default 1)", ""},
  };
}

ProgramSpec Spec() {
  ProgramSpec spec;
  spec.name = "gq-trainer pretrain";
  spec.synopsis = "--dataset NAME --data PATH --out DIR [OPTION]…";
  spec.about =
      "Trains the network to represent, name and grade distortions, before "
      "it is finetuned on human ratings. Data set online distorts a folder "
      "of good photographs while it trains. The best epoch on the validation "
      "part is kept in best.safetensors. Ctrl-C ends after the running step "
      "with exit code 130; --resume goes on from there.";
  spec.options = DataOptionSpecs();
  Append(NetworkOptionSpecs(), &spec.options);
  Append(ViewOptionSpecs(), &spec.options);
  Append(RunOptionSpecs(), &spec.options);
  Append(TaskOptionSpecs(), &spec.options);
  Append(OptimiserOptionSpecs("5e-4", "2e-4"), &spec.options);
  spec.epilog = DatasetHelp();
  return spec;
}

/// What the released code's options default to.
PretrainOptions ReleasedDefaults() {
  PretrainOptions options;
  options.network.backbone = "resnet50";
  options.network.features = "last";
  options.network.none_type = false;
  options.views = ParseViews("native:1", 224);
  options.task.tasks = 2;
  options.task.batch = 32;
  options.task.all_branches = false;
  options.task.released = true;
  options.task.batch_graph = true;
  options.optimiser.rate = 1e-5;
  options.optimiser.weight_decay = 0;
  options.optimiser.constant_rate = true;
  options.optimiser.clip = 0;
  options.optimiser.backbone = BackboneMode::kNone;
  options.optimiser.norm = NormMode::kTrain;
  options.weights.type = 0;
  return options;
}

PretrainOptions OwnDefaults() {
  PretrainOptions options;
  options.views = DefaultViews();
  options.optimiser.rate = 5e-4;
  options.optimiser.backbone_rate = 2e-4;
  options.weights.type = 1;
  return options;
}

void ParseTask(const Arguments& arguments, PretrainOptions* options) {
  TaskOptions* task = &options->task;
  task->tasks = GetCount(arguments, "--tasks", task->tasks, 2, 1024);
  task->batch = GetCount(arguments, "--bs", task->batch, 1, 4096);
  task->steps = GetCount(arguments, "--steps", task->steps, 1, 1 << 30);
  task->epochs = GetCount(arguments, "--epochs", task->epochs, 0, 1 << 30);
  task->all_branches =
      arguments.GetChoice("--gradient", task->all_branches ? "all" : "anchor",
                          {"all", "anchor"}) == "all";
  task->batch_graph =
      arguments.GetChoice("--form", task->batch_graph ? "batch" : "row",
                          {"row", "batch"}) == "batch";
  PretrainWeights* weights = &options->weights;
  weights->margin = arguments.GetDouble("--margin", weights->margin, 0, 1000);
  weights->triplet =
      arguments.GetDouble("--loss-triplet", weights->triplet, 0, 1000);
  weights->level = arguments.GetDouble("--loss-level", weights->level, 0, 1000);
  weights->type = arguments.GetDouble("--loss-type", weights->type, 0, 1000);
  if (task->released && (task->tasks != 2 || task->all_branches)) {
    throw Error(ErrorCode::kUsage,
                "--protocol released has two tasks per step and gradient "
                "through the anchor alone");
  }
}

void ParseHead(const Arguments& arguments, TaskHeadOptions* head) {
  head->epochs = GetCount(arguments, "--head-epochs", head->epochs, 0, 100000);
  head->versions =
      GetCount(arguments, "--head-versions", head->versions, 1, 100000);
  head->batch = GetCount(arguments, "--head-bs", head->batch, 1, 4096);
  head->rate = arguments.GetDouble("--head-lr", head->rate, 0, 1);
  head->cache_folder = arguments.Get("--feature-cache");
}

PretrainOptions Parse(const Arguments& arguments) {
  RequireNoPositional(arguments);
  const bool released = arguments.GetChoice("--protocol", "own",
                                            {"own", "released"}) == "released";
  PretrainOptions options = released ? ReleasedDefaults() : OwnDefaults();
  options.data = ParseDataOptions(arguments, released ? "kadis-P" : "online");
  options.network = ParseNetworkOptions(arguments, options.network);
  options.views = ParseViewOptions(arguments, options.views);
  options.train_views =
      ParseViews(arguments.Get("--train-views", "native:1"),
                 GetCount(arguments, "--train-view-size",
                          options.views.view_size_px, 32, 1024));
  ParseHead(arguments, &options.head);
  ParseTask(arguments, &options);
  options.optimiser = ParseOptimiserOptions(arguments, options.optimiser);
  options.run = ParseRunOptions(arguments);
  return options;
}

}  // namespace

int RunPretrain(const std::vector<std::string>& arguments) {
  return RunInterruptible(Spec(), arguments, [](const Arguments& parsed) {
    const PretrainOptions options = Parse(parsed);
    return RunOverRanks(
        Spec().name, options.run,
        [&options](int ranks) { RequireShareable(options, ranks); },
        [&options](const Ranks& ranks) { Pretrain(options, ranks); });
  });
}

}  // namespace graphiqa
