// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "common_options.h"

#include <cstdio>
#include <sstream>

#include "dataset.h"
#include "interrupt.h"
#include "results.h"

namespace graphiqa {

namespace {

std::vector<std::string> SplitList(const std::string& text) {
  std::vector<std::string> items;
  std::istringstream stream(text);
  std::string item;
  while (std::getline(stream, item, ',')) items.push_back(item);
  return items;
}

/// The options that list one value per data set.
std::vector<SetOptions> ParseSets(const Arguments& arguments,
                                  const std::string& dataset) {
  const auto names = SplitList(arguments.Get("--dataset", dataset));
  const auto places = SplitList(arguments.Get("--data"));
  const auto splits = SplitList(arguments.Get("--split"));
  if (names.empty()) throw Error(ErrorCode::kUsage, "--dataset is empty");
  if (!places.empty() && places.size() != names.size()) {
    throw Error(ErrorCode::kUsage,
                "--dataset names " + std::to_string(names.size()) +
                    " data sets and --data " + std::to_string(places.size()) +
                    " places; give one place per set, with commas");
  }
  if (splits.size() > names.size()) {
    throw Error(ErrorCode::kUsage,
                "--split lists more files than --dataset "
                "names data sets");
  }
  std::vector<SetOptions> sets;
  for (size_t i = 0; i < names.size(); ++i) {
    SetOptions set;
    set.name = names[i];
    set.source.data = i < places.size() ? places[i] : "";
    set.source.image_dir = arguments.Get("--image-dir");
    set.source.mos_range = arguments.Get("--mos-range");
    set.split_file = i < splits.size() ? splits[i] : "";
    sets.push_back(set);
  }
  return sets;
}

/// Cards by --gpus and --gpu_ids, which may both be there.
std::vector<int> ParseGpus(const Arguments& arguments) {
  const std::string list = arguments.Get("--gpu_ids");
  const int count = GetCount(arguments, "--gpus", 0, 1, 1024);
  std::vector<int> gpus;
  for (const std::string& id : SplitList(list)) {
    const bool number = !id.empty() && id.size() < 5 &&
                        id.find_first_not_of("0123456789") == std::string::npos;
    if (!number) {
      throw Error(ErrorCode::kUsage,
                  "--gpu_ids " + list + ": numbers of GPUs wanted, as in 0,1");
    }
    gpus.push_back(std::stoi(id));
  }
  if (gpus.empty()) {
    for (int i = 0; i < count; ++i) gpus.push_back(i);
  }
  if (count > 0 && static_cast<size_t>(count) != gpus.size()) {
    throw Error(ErrorCode::kUsage, "--gpus " + std::to_string(count) +
                                       " and --gpu_ids " + list +
                                       " differ in number");
  }
  return gpus;
}

/// A rank on each card.
void UseGpus(const Arguments& arguments, RunOptions* run) {
  run->gpus = ParseGpus(arguments);
  if (run->gpus.empty()) return;
  if (arguments.Has("--device") && run->device != "cuda") {
    throw Error(ErrorCode::kUsage,
                "--device " + run->device + " has no use for --gpus");
  }
  run->device = "cuda";
  const auto ranks = static_cast<int>(run->gpus.size());
  if (run->ranks > 0 && run->ranks != ranks) {
    throw Error(ErrorCode::kUsage, "--ranks " + std::to_string(run->ranks) +
                                       ", but " + std::to_string(ranks) +
                                       " GPUs: a rank on each, leave out "
                                       "--ranks");
  }
  run->ranks = ranks;
}

}  // namespace

void Append(std::vector<OptionSpec> from, std::vector<OptionSpec>* to) {
  to->insert(to->end(), from.begin(), from.end());
}

int GetCount(const Arguments& arguments, const std::string& name, int fallback,
             int lowest, int highest) {
  return static_cast<int>(arguments.GetInt(name, fallback, lowest, highest));
}

std::vector<OptionSpec> DataOptionSpecs() {
  return {
      {"--dataset", "NAME[,NAME…]",
       "data sets, see below; several are mixed (default biq2021)", ""},
      {"--data", "PATH[,PATH…]", "where each data set is", ""},
      {"--image-dir", "DIR",
       "folder of the pictures, where it is not the usual one (csv, "
       "koniq-10k, spaq, kadid-P, kadis-P)",
       ""},
      {"--mos-range", "LOW,HIGH",
       "data set csv: ratings that become score 0 and 100; LOW may be above "
       "HIGH",
       ""},
      {"--split", "FILE[,FILE…]",
       "use these splits (image,split with train, val, test), one per data "
       "set, instead of seeded ones",
       ""},
      {"--val-fraction", "F", "part held out to validate (default 0.2)", ""},
      {"--val-tasks", "N",
       "data sets without ratings: about so many distorted pictures measure an "
       "epoch (default 400)",
       ""},
      {"--test-fraction", "F",
       "data sets without ratings: part set aside to test (default 0)", ""},
      {"--seed", "N", "of the split and everything random (default 1)", ""},
      {"--workers", "N", "threads that read pictures (default 1)", ""},
      {"--cache-mb", "N", "decoded pictures kept in memory, MiB (default 4096)",
       ""},
  };
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
      {"--device", "NAME",
       "cpu (default), or cuda: the backbone trains on an NVIDIA GPU, the "
       "heads, which are small, on the CPU",
       ""},
      {"--gpus", "N",
       "so many ranks on this machine, each with a GPU of its own (implies "
       "--device cuda)",
       ""},
      {"--gpu_ids", "LIST", "the same on these GPUs, e.g. 0,1", ""},
      {"--threads", "N",
       "threads that compute, of each rank (default all cores over the ranks)",
       ""},
      {"--ranks", "N",
       "processes on this machine that share each step (default 1); on several "
       "machines start the program by torchrun or Slurm instead",
       ""},
      {"--rank-timeout", "MIN",
       "minutes until a rank that does not answer counts as lost (default 30)",
       ""},
      {"--save-every", "N", "steps between states to resume from (default 200)",
       ""},
  };
}

std::vector<OptionSpec> OptimiserOptionSpecs(const std::string& rate,
                                             const std::string& backbone_rate) {
  return {
      {"--lr", "R", "peak rate of the heads (default " + rate + ")", ""},
      {"--lr-backbone", "R",
       "peak rate of the backbone (default " + backbone_rate + ")", ""},
      {"--schedule", "NAME", "cosine (default, after a warm-up), constant", ""},
      {"--weight-decay", "D", "of matrices and filters (default 0.01)", ""},
      {"--warmup", "F", "part of all steps that warms up (default 0.1)", ""},
      {"--clip", "N", "gradient norm, 0 = off (default 5)", ""},
      {"--ema", "D", "decay of averaged weights, 0 = off (default)", ""},
      {"--train-backbone", "WHAT",
       "whole (default); norm: scale and shift of its batch norms; none", ""},
      {"--freeze-stages", "N",
       "first stages of the backbone that stay as they are (default 0)", ""},
      {"--norm", "MODE",
       "statistics of the batch norms: frozen (default) or train, as the "
       "released code",
       ""},
      {"--augment-chroma", "P",
       "share of training pictures that pass through 8-bit 4:2:0, as decoded "
       "video has (default 0)",
       ""},
      {"--train-precision", "TYPE",
       "of the backbone: fp32 (default) or bf16 with fp32 parameters", ""},
  };
}

std::vector<OptionSpec> NetworkOptionSpecs() {
  return {
      {"--backbone", "NAME",
       "resnet50, resnet34, resnet18 or efficientnet_lite0 (default)", ""},
      {"--weights", "FILE",
       "the backbone's ImageNet weights (.pth or .safetensors); without it "
       "they are random",
       ""},
      {"--features", "KIND",
       "last: mean of the last stage, as the paper; multi (default): means "
       "and deviations of several stages; multi-stats: those, and statistics "
       "of the picture itself (tones, colours, noise, detail)",
       ""},
      {"--node-size", "N", "node code size, but with last (default 512)", ""},
      {"--edge-size", "N", "edge code size (default 64)", ""},
  };
}

std::vector<OptionSpec> ViewOptionSpecs() {
  return {
      {"--view-size", "PX", "side of a view (default 320)", ""},
      {"--views", "LIST",
       "views of a picture, recorded in the model file: native:COUNT crops "
       "and whole@SCALE:COUNT scaled views (default native:1,whole@1:1)",
       ""},
  };
}

DataOptions ParseDataOptions(const Arguments& arguments,
                             const std::string& dataset) {
  DataOptions options;
  options.sets = ParseSets(arguments, dataset);
  options.val_fraction =
      arguments.GetDouble("--val-fraction", options.val_fraction, 0.01, 0.99);
  options.test_fraction =
      arguments.GetDouble("--test-fraction", options.test_fraction, 0, 0.98);
  options.seed =
      static_cast<uint64_t>(arguments.GetInt("--seed", 1, 0, int64_t{1} << 53));
  options.val_tasks =
      GetCount(arguments, "--val-tasks", options.val_tasks, 1, 1 << 30);
  options.workers = GetCount(arguments, "--workers", options.workers, 1, 256);
  options.cache_mb = static_cast<size_t>(
      arguments.GetInt("--cache-mb", 4096, 0, int64_t{1} << 24));
  return options;
}

RunOptions ParseRunOptions(const Arguments& arguments) {
  RunOptions run;
  run.name = arguments.Get("--name", run.name);
  run.out = arguments.Get("--out");
  run.resume = arguments.Has("--resume");
  run.half =
      arguments.GetChoice("--storage", "half", {"half", "single"}) == "half";
  run.device = arguments.GetChoice("--device", "cpu", {"cpu", "cuda"});
  run.threads = GetCount(arguments, "--threads", 0, 0, 1024);
  run.ranks = GetCount(arguments, "--ranks", 0, 1, 1024);
  run.patience_min =
      GetCount(arguments, "--rank-timeout", run.patience_min, 1, 100000);
  UseGpus(arguments, &run);
  return run;
}

OptimiserOptions ParseOptimiserOptions(const Arguments& arguments,
                                       const OptimiserOptions& defaults) {
  OptimiserOptions options = defaults;
  options.rate = arguments.GetDouble("--lr", options.rate, 0, 1);
  options.backbone_rate =
      arguments.GetDouble("--lr-backbone", options.backbone_rate, 0, 1);
  options.constant_rate =
      arguments.GetChoice("--schedule",
                          options.constant_rate ? "constant" : "cosine",
                          {"cosine", "constant"}) == "constant";
  options.weight_decay =
      arguments.GetDouble("--weight-decay", options.weight_decay, 0, 100);
  options.warmup = arguments.GetDouble("--warmup", options.warmup, 0, 0.99);
  options.clip = arguments.GetDouble("--clip", options.clip, 0, 1e9);
  options.ema = arguments.GetDouble("--ema", options.ema, 0, 0.999999);
  const std::string trained = arguments.GetChoice(
      "--train-backbone",
      options.backbone == BackboneMode::kNone ? "none" : "whole",
      {"whole", "norm", "none"});
  options.backbone = trained == "none"   ? BackboneMode::kNone
                     : trained == "norm" ? BackboneMode::kNorm
                                         : BackboneMode::kWhole;
  options.chroma =
      arguments.GetDouble("--augment-chroma", options.chroma, 0, 1);
  options.freeze_stages = GetCount(arguments, "--freeze-stages", 0, 0, 64);
  options.norm =
      arguments.GetChoice("--norm",
                          options.norm == NormMode::kTrain ? "train" : "frozen",
                          {"frozen", "train"}) == "train"
          ? NormMode::kTrain
          : NormMode::kFrozen;
  options.bf16 = arguments.GetChoice("--train-precision", "fp32",
                                     {"fp32", "bf16"}) == "bf16";
  if (options.bf16 && options.norm == NormMode::kTrain) {
    throw Error(ErrorCode::kUsage,
                "--train-precision bf16 needs --norm frozen");
  }
  options.save_every =
      GetCount(arguments, "--save-every", options.save_every, 1, 1 << 30);
  return options;
}

NetworkOptions ParseNetworkOptions(const Arguments& arguments,
                                   const NetworkOptions& defaults) {
  NetworkOptions options = defaults;
  options.backbone = arguments.Get("--backbone", options.backbone);
  options.weights = arguments.Get("--weights");
  options.features =
      arguments.GetChoice("--features", options.features, FeatureKinds());
  options.node_size =
      arguments.GetInt("--node-size", options.node_size, 4, 8192);
  options.edge_size =
      arguments.GetInt("--edge-size", options.edge_size, 1, 4096);
  if (arguments.Has("--restore") != arguments.Has("--ckpt")) {
    throw Error(ErrorCode::kUsage, "--restore and --ckpt FILE go together");
  }
  options.checkpoint = arguments.Get("--ckpt");
  options.features_stated = arguments.Has("--features");
  return options;
}

ViewPlan DefaultViews() { return ParseViews("native:1,whole@1:1", 320); }

ViewPlan ParseViewOptions(const Arguments& arguments,
                          const ViewPlan& defaults) {
  const int size =
      GetCount(arguments, "--view-size", defaults.view_size_px, 32, 1024);
  return ParseViews(arguments.Get("--views", FormatViews(defaults)), size);
}

void RequireNoPositional(const Arguments& arguments) {
  if (arguments.positional().empty()) return;
  throw Error(ErrorCode::kUsage, "'" + arguments.positional().front() +
                                     "' is no option of this command");
}

std::string DatasetHelp() {
  std::string text = "Data sets (layouts: docs/datasets.md):\n";
  for (const DatasetEntry* entry = kDatasets; entry->name; ++entry) {
    std::string name = entry->name;
    name.resize(12, ' ');
    text += "  " + name + entry->description + "\n";
  }
  return text;
}

int RunInterruptible(const ProgramSpec& spec,
                     const std::vector<std::string>& arguments,
                     const std::function<int(const Arguments&)>& body) {
  return RunProgram(spec, arguments, [&](const Arguments& parsed) -> int {
    WatchInterrupts();
    try {
      return body(parsed);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kCancelled) throw;
      PrintError(spec.name, error.what());
      return kExitInterrupted;
    }
  });
}

void PrintAgreement(const std::string& label, size_t pictures,
                    const Agreement& agreement) {
  std::fputs(ResultTable({{label, pictures, agreement}}).c_str(), stdout);
}

}  // namespace graphiqa
