// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include "common_options.h"
#include "finetune.h"
#include "run_ranks.h"

namespace graphiqa {
namespace {

std::vector<OptionSpec> PhaseOptionSpecs() {
  return {
      {"--protocol", "NAME",
       "own (default), or released: the released code's loss and defaults "
       "(resnet50, features last, 25 crops of 224 px, no first phase, batches "
       "of 32 in one graph with noise, squared error of the scores as they "
       "are, Adam at 5e-6, the backbone without gradient but its norms in "
       "training mode)",
       ""},
      {"--head-epochs", "N",
       "first phase: epochs of the head (default 30); 0 with --restore leaves "
       "the phase out",
       ""},
      {"--head-bs", "N", "first phase: pictures per step (default 64)", ""},
      {"--head-lr", "R", "first phase: peak rate (default 3e-4)", ""},
      {"--head-weight-decay", "D", "first phase (default 0.05)", ""},
      {"--head-dropout", "P", "first phase: of the node features (default 0.1)",
       ""},
      {"--head-draws", "N",
       "first phase: sets of views per picture (default 2)", ""},
      {"--head-init", "HOW",
       "ridge (default): start from the closed-form linear probe; random: from "
       "random weights or, with --restore, from the model's own",
       ""},
      {"--head-versions", "N",
       "first phase, with distorted pictures beside the rated ones: distorted "
       "copies of each photograph, or stored pictures of each type (default "
       "12); 0 trains the MOS head alone",
       ""},
      {"--head-tasks", "N",
       "first phase: distorted pictures per step (default 256)", ""},
      {"--side-nodes", "N",
       "first phase, with --restore, distorted pictures and --epochs 0: N "
       "nodes beside the model's that see the statistics of multi-stats alone; "
       "types and levels are learnt with them, all else stays, the score too; "
       "a multiple of 4 (default 0: everything outside the backbone is "
       "trained)",
       ""},
      {"--feature-cache", "DIR",
       "first phase: folder for features of the frozen backbone (default the "
       "run's)",
       ""},
      {"--epochs", "N", "second phase: epochs of everything (default 4)", ""},
      {"--bs", "N", "second phase: rated pictures per step (default 16)", ""},
      {"--train-views", "LIST",
       "second phase: views of a rated picture (default as --views)", ""},
      {"--form", "FORM",
       "second phase: row (default), or batch as the paper trains", ""},
      {"--noise", "", "second phase: predict mu + noise * s, as the paper", ""},
  };
}

std::vector<OptionSpec> TaskOptionSpecs() {
  return {
      {"--photos", "N",
       "with data set online: photographs per step that are distorted "
       "(default 4)",
       ""},
      {"--versions", "N", "distorted copies of each (default 3)", ""},
      {"--floor", "S", "score of the worst distortion (default 10)", ""},
      {"--task-views", "LIST",
       "views of a distorted picture (default as --views)", ""},
      {"--task-view-size", "PX",
       "side of a distorted picture's view in training (default as "
       "--view-size); smaller ones are more pictures in the same time",
       ""},
  };
}

std::vector<OptionSpec> LossOptionSpecs() {
  return {
      {"--loss-l1", "W", "weight of smooth L1 (default 1)", ""},
      {"--loss-mse", "W", "weight of the squared error (default 0)", ""},
      {"--loss-plcc", "W", "weight of 1 - PLCC (default 1)", ""},
      {"--loss-pair", "W", "weight of pairwise ranking (default 0)", ""},
      {"--loss-scale", "W",
       "weight of the uncertainty's likelihood with the score fixed (default "
       "0.1)",
       ""},
      {"--loss-nll", "W",
       "weight of the Gaussian likelihood of score and uncertainty together "
       "(default 0)",
       ""},
      {"--loss-type", "W", "weight of naming the distortion (default 0.5)", ""},
      {"--loss-none", "W",
       "weight of undistorted pictures when types are named (default 0.3)", ""},
      {"--loss-level", "W", "weight of grading it (default 0.25)", ""},
      {"--loss-relative", "W",
       "weight of a distorted copy's score relative to its original's "
       "(default 1)",
       ""},
      {"--loss-rank", "W",
       "weight of the ranking of original and copy (default 0.5)", ""},
      {"--rank-margin", "M",
       "by how much the worst copy must score less, in deviations of the "
       "ratings (default 1)",
       ""},
  };
}

ProgramSpec Spec() {
  ProgramSpec spec;
  spec.name = "gq-trainer finetune";
  spec.synopsis = "--dataset NAME --data PATH --out DIR [OPTION]…";
  spec.about =
      "Trains a model on rated pictures: first the MOS head on features of "
      "the frozen backbone, then everything at a low rate. With a set of "
      "distorted pictures or photographs beside the rated ones (--dataset "
      "biq2021,online) the heads that name and grade distortions are trained "
      "along. The best epoch on the validation part is kept in "
      "best.safetensors. "
      "Ctrl-C ends after the running step with exit code 130; --resume goes "
      "on from there.";
  spec.options = DataOptionSpecs();
  Append(NetworkOptionSpecs(), &spec.options);
  Append(ViewOptionSpecs(), &spec.options);
  Append(RunOptionSpecs(), &spec.options);
  Append(PhaseOptionSpecs(), &spec.options);
  Append(OptimiserOptionSpecs("1e-4", "1e-4"), &spec.options);
  Append(TaskOptionSpecs(), &spec.options);
  Append(LossOptionSpecs(), &spec.options);
  spec.epilog = DatasetHelp();
  return spec;
}

/// What the released code's options default to.
FinetuneOptions ReleasedDefaults() {
  FinetuneOptions options;
  options.network.backbone = "resnet50";
  options.network.features = "last";
  options.network.edge_size = 16;
  options.network.none_type = false;
  options.views = ParseViews("native:25", 224);
  options.head.epochs = 0;
  options.tune.batch = 32;
  options.tune.batch_graph = true;
  options.tune.noise = true;
  options.tune.raw_scores = true;
  options.optimiser.rate = 5e-6;
  options.optimiser.weight_decay = 0;
  options.optimiser.constant_rate = true;
  options.optimiser.clip = 0;
  options.optimiser.backbone = BackboneMode::kNone;
  options.optimiser.norm = NormMode::kTrain;
  options.loss.smooth_l1 = 0;
  options.loss.mse = 1;
  options.loss.plcc = 0;
  options.loss.scale = 0;
  return options;
}

FinetuneOptions OwnDefaults() {
  FinetuneOptions options;
  options.views = DefaultViews();
  return options;
}

void ParseHead(const Arguments& arguments, HeadOptions* head) {
  head->epochs = static_cast<int>(
      arguments.GetInt("--head-epochs", head->epochs, 0, 100000));
  head->batch =
      static_cast<int>(arguments.GetInt("--head-bs", head->batch, 1, 65536));
  head->draws =
      static_cast<int>(arguments.GetInt("--head-draws", head->draws, 1, 64));
  head->rate = arguments.GetDouble("--head-lr", head->rate, 0, 1);
  head->weight_decay =
      arguments.GetDouble("--head-weight-decay", head->weight_decay, 0, 100);
  head->dropout = arguments.GetDouble("--head-dropout", head->dropout, 0, 0.99);
  head->versions =
      GetCount(arguments, "--head-versions", head->versions, 0, 100000);
  head->tasks = GetCount(arguments, "--head-tasks", head->tasks, 1, 65536);
  head->side_nodes = GetCount(arguments, "--side-nodes", 0, 0, 4096);
  head->ridge = arguments.GetChoice("--head-init", "ridge",
                                    {"ridge", "random"}) == "ridge";
  head->cache_folder = arguments.Get("--feature-cache");
}

void ParseTune(const Arguments& arguments, TuneOptions* tune) {
  tune->epochs = GetCount(arguments, "--epochs", tune->epochs, 0, 100000);
  tune->batch = GetCount(arguments, "--bs", tune->batch, 1, 4096);
  tune->batch_graph =
      arguments.GetChoice("--form", tune->batch_graph ? "batch" : "row",
                          {"row", "batch"}) == "batch";
  tune->noise = tune->noise || arguments.Has("--noise");
  tune->photos = GetCount(arguments, "--photos", tune->photos, 0, 4096);
  tune->versions = GetCount(arguments, "--versions", tune->versions, 1, 256);
  tune->floor = arguments.GetDouble("--floor", tune->floor, 0, 100);
}

void ParseLoss(const Arguments& arguments, LossOptions* loss) {
  const auto weight = [&arguments](const char* name, double fallback) {
    return arguments.GetDouble(name, fallback, 0, 1000);
  };
  loss->smooth_l1 = weight("--loss-l1", loss->smooth_l1);
  loss->mse = weight("--loss-mse", loss->mse);
  loss->plcc = weight("--loss-plcc", loss->plcc);
  loss->pair = weight("--loss-pair", loss->pair);
  loss->scale = weight("--loss-scale", loss->scale);
  loss->nll = weight("--loss-nll", loss->nll);
  loss->type = weight("--loss-type", loss->type);
  loss->level = weight("--loss-level", loss->level);
  loss->none = weight("--loss-none", loss->none);
  loss->relative = weight("--loss-relative", loss->relative);
  loss->rank = weight("--loss-rank", loss->rank);
  loss->margin = arguments.GetDouble("--rank-margin", loss->margin, 0, 100);
}

FinetuneOptions Parse(const Arguments& arguments) {
  RequireNoPositional(arguments);
  const bool released = arguments.GetChoice("--protocol", "own",
                                            {"own", "released"}) == "released";
  FinetuneOptions options = released ? ReleasedDefaults() : OwnDefaults();
  options.data = ParseDataOptions(arguments);
  options.network = ParseNetworkOptions(arguments, options.network);
  options.views = ParseViewOptions(arguments, options.views);
  // The released code draws one crop at a time, 25 in an epoch.
  const std::string views = released ? "native:1" : FormatViews(options.views);
  const int size = options.views.view_size_px;
  options.train_views = ParseViews(arguments.Get("--train-views", views), size);
  options.task_views =
      ParseViews(arguments.Get("--task-views", views),
                 GetCount(arguments, "--task-view-size", size, 32, 1024));
  ParseHead(arguments, &options.head);
  ParseTune(arguments, &options.tune);
  options.optimiser = ParseOptimiserOptions(arguments, options.optimiser);
  ParseLoss(arguments, &options.loss);
  options.run = ParseRunOptions(arguments);
  return options;
}

}  // namespace

int RunFinetune(const std::vector<std::string>& arguments) {
  return RunInterruptible(Spec(), arguments, [](const Arguments& parsed) {
    const FinetuneOptions options = Parse(parsed);
    return RunOverRanks(
        Spec().name, options.run,
        [&options](int ranks) { RequireShareable(options, ranks); },
        [&options](const Ranks& ranks) { Finetune(options, ranks); });
  });
}

}  // namespace graphiqa
