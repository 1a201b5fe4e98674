// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include "common_options.h"
#include "finetune.h"

namespace graphiqa {
namespace {

void Append(std::vector<OptionSpec> from, std::vector<OptionSpec>* to) {
  to->insert(to->end(), from.begin(), from.end());
}

std::vector<OptionSpec> RunOptionSpecs() {
  return {
      {"--out", "DIR", "folder of the run", ""},
      {"--resume", "", "go on with the run in --out; needs the same options",
       ""},
      {"--name", "NAME", "of the model (default graphiqa)", ""},
      {"--restore", "", "start from the whole model in --ckpt", ""},
      {"--ckpt", "FILE", "model file for --restore", ""},
      {"--storage", "TYPE", "best.safetensors in half (default) or single", ""},
      {"--threads", "N", "threads that compute (default all cores)", ""},
      {"--train-views", "LIST",
       "views of one training sample (default as --views)", ""},
      {"--feature-cache", "DIR",
       "folder for features of the frozen backbone (default the run's)", ""},
  };
}

std::vector<OptionSpec> PhaseOptionSpecs() {
  return {
      {"--head-epochs", "N", "first phase: epochs of the head (default 30)",
       ""},
      {"--head-bs", "N", "first phase: pictures per step (default 64)", ""},
      {"--head-lr", "R", "first phase: peak rate (default 3e-4)", ""},
      {"--head-weight-decay", "D", "first phase (default 0.05)", ""},
      {"--head-dropout", "P", "first phase: of the node features (default 0.1)",
       ""},
      {"--head-draws", "N",
       "first phase: sets of views per picture (default 2)", ""},
      {"--head-init", "HOW",
       "ridge (default): start from the closed-form linear probe; random", ""},
      {"--epochs", "N", "second phase: epochs of everything (default 4)", ""},
      {"--bs", "N", "second phase: pictures per step (default 16)", ""},
      {"--lr", "R", "second phase: peak rate of the head (default 1e-4)", ""},
      {"--lr-backbone", "R",
       "second phase: peak rate of the backbone (default 1e-4)", ""},
      {"--weight-decay", "D", "second phase (default 0.01)", ""},
      {"--warmup", "F", "second phase: part that warms up (default 0.1)", ""},
      {"--clip", "N", "second phase: gradient norm, 0 = off (default 5)", ""},
      {"--ema", "D",
       "second phase: decay of averaged weights, 0 = off "
       "(default)",
       ""},
      {"--freeze-stages", "N",
       "second phase: first stages that stay as they are (default 0)", ""},
      {"--form", "FORM",
       "second phase: row (default), or batch as the paper trains", ""},
      {"--save-every", "N",
       "second phase: steps between states to resume from (default 200)", ""},
  };
}

std::vector<OptionSpec> LossOptionSpecs() {
  return {
      {"--loss-l1", "W", "weight of smooth L1 (default 1)", ""},
      {"--loss-plcc", "W", "weight of 1 - PLCC (default 1)", ""},
      {"--loss-scale", "W",
       "weight of the uncertainty's likelihood (default "
       "0.1)",
       ""},
      {"--loss-rank", "W", "weight of the ranking of worse copies (default 1)",
       ""},
      {"--rank-margin", "M",
       "by how much the worst copy must score less, in deviations of the "
       "ratings (default 1.5)",
       ""},
      {"--degrade", "P",
       "second phase: probability that a picture brings a blurred, "
       "compressed or noisy copy that must score less (default 0)",
       ""},
  };
}

ProgramSpec Spec() {
  ProgramSpec spec;
  spec.name = "gq-trainer finetune";
  spec.synopsis = "--dataset NAME --data PATH --out DIR [OPTION]…";
  spec.about =
      "Trains a model on rated pictures: first the head on features of the "
      "frozen backbone, then everything at a low rate. The epoch with the "
      "highest SROCC on the validation part is kept in best.safetensors. "
      "Ctrl-C ends after the running step with exit code 130; --resume goes "
      "on from there.";
  spec.options = DataOptionSpecs();
  Append(NetworkOptionSpecs(), &spec.options);
  Append(ViewOptionSpecs(), &spec.options);
  Append(RunOptionSpecs(), &spec.options);
  Append(PhaseOptionSpecs(), &spec.options);
  Append(LossOptionSpecs(), &spec.options);
  spec.epilog = DatasetHelp();
  return spec;
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
  head->ridge = arguments.GetChoice("--head-init", "ridge",
                                    {"ridge", "random"}) == "ridge";
  head->cache_folder = arguments.Get("--feature-cache");
}

void ParseTune(const Arguments& arguments, TuneOptions* tune) {
  tune->epochs =
      static_cast<int>(arguments.GetInt("--epochs", tune->epochs, 0, 100000));
  tune->batch =
      static_cast<int>(arguments.GetInt("--bs", tune->batch, 1, 4096));
  tune->rate = arguments.GetDouble("--lr", tune->rate, 0, 1);
  tune->backbone_rate =
      arguments.GetDouble("--lr-backbone", tune->backbone_rate, 0, 1);
  tune->weight_decay =
      arguments.GetDouble("--weight-decay", tune->weight_decay, 0, 100);
  tune->warmup = arguments.GetDouble("--warmup", tune->warmup, 0, 0.99);
  tune->clip = arguments.GetDouble("--clip", tune->clip, 0, 1e9);
  tune->ema = arguments.GetDouble("--ema", tune->ema, 0, 0.999999);
  tune->freeze_stages =
      static_cast<int>(arguments.GetInt("--freeze-stages", 0, 0, 64));
  tune->batch_graph =
      arguments.GetChoice("--form", "row", {"row", "batch"}) == "batch";
  tune->degrade = arguments.GetDouble("--degrade", tune->degrade, 0, 1);
  tune->save_every = static_cast<int>(
      arguments.GetInt("--save-every", tune->save_every, 1, 1 << 30));
}

void ParseLoss(const Arguments& arguments, LossOptions* loss) {
  loss->smooth_l1 = arguments.GetDouble("--loss-l1", loss->smooth_l1, 0, 1000);
  loss->plcc = arguments.GetDouble("--loss-plcc", loss->plcc, 0, 1000);
  loss->scale = arguments.GetDouble("--loss-scale", loss->scale, 0, 1000);
  loss->rank = arguments.GetDouble("--loss-rank", loss->rank, 0, 1000);
  loss->margin = arguments.GetDouble("--rank-margin", loss->margin, 0, 100);
}

FinetuneOptions Parse(const Arguments& arguments) {
  RequireNoPositional(arguments);
  FinetuneOptions options;
  options.data = ParseDataOptions(arguments);
  options.network = ParseNetworkOptions(arguments);
  if (arguments.Has("--restore") != arguments.Has("--ckpt")) {
    throw Error(ErrorCode::kUsage, "--restore and --ckpt FILE go together");
  }
  options.network.checkpoint = arguments.Get("--ckpt");
  options.views = ParseViewOptions(arguments);
  options.train_views =
      ParseViews(arguments.Get("--train-views", FormatViews(options.views)),
                 options.views.view_size_px);
  ParseHead(arguments, &options.head);
  ParseTune(arguments, &options.tune);
  ParseLoss(arguments, &options.loss);
  options.name = arguments.Get("--name", options.name);
  options.out = arguments.Get("--out");
  options.resume = arguments.Has("--resume");
  options.half =
      arguments.GetChoice("--storage", "half", {"half", "single"}) == "half";
  options.threads = static_cast<int>(arguments.GetInt("--threads", 0, 0, 1024));
  return options;
}

}  // namespace

int RunFinetune(const std::vector<std::string>& arguments) {
  return RunInterruptible(Spec(), arguments, [](const Arguments& parsed) {
    Finetune(Parse(parsed));
    return static_cast<int>(kExitOk);
  });
}

}  // namespace graphiqa
