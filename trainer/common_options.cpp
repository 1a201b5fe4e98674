// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "common_options.h"

#include <cstdio>

#include "dataset.h"
#include "interrupt.h"
#include "results.h"

namespace graphiqa {

std::vector<OptionSpec> DataOptionSpecs() {
  return {
      {"--dataset", "NAME", "data set, see below (default biq2021)", ""},
      {"--data", "PATH", "where the data set is", ""},
      {"--image-dir", "DIR",
       "folder of the pictures, where it is not the usual one (csv, "
       "koniq-10k, spaq, kadid-P, kadis-P)",
       ""},
      {"--mos-range", "LOW,HIGH",
       "data set csv: ratings that become score 0 and 100; LOW may be above "
       "HIGH",
       ""},
      {"--split", "FILE",
       "use this split (image,split with train, val, test) instead of a "
       "seeded one",
       ""},
      {"--val-fraction", "F", "part held out to validate (default 0.2)", ""},
      {"--seed", "N", "of the split and everything random (default 1)", ""},
      {"--workers", "N", "threads that read pictures (default 1)", ""},
      {"--cache-mb", "N", "decoded pictures kept in memory, MiB (default 4096)",
       ""},
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
       "and deviations of several stages",
       ""},
      {"--node-size", "N", "node code size with multi (default 512)", ""},
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

DataOptions ParseDataOptions(const Arguments& arguments) {
  DataOptions options;
  options.dataset = arguments.Get("--dataset", options.dataset);
  options.source.data = arguments.Get("--data");
  options.source.image_dir = arguments.Get("--image-dir");
  options.source.mos_range = arguments.Get("--mos-range");
  options.split_file = arguments.Get("--split");
  options.val_fraction =
      arguments.GetDouble("--val-fraction", options.val_fraction, 0.01, 0.99);
  options.seed =
      static_cast<uint64_t>(arguments.GetInt("--seed", 1, 0, int64_t{1} << 53));
  options.workers =
      static_cast<int>(arguments.GetInt("--workers", options.workers, 1, 256));
  options.cache_mb = static_cast<size_t>(
      arguments.GetInt("--cache-mb", 4096, 0, int64_t{1} << 24));
  return options;
}

NetworkOptions ParseNetworkOptions(const Arguments& arguments) {
  NetworkOptions options;
  options.backbone = arguments.Get("--backbone", options.backbone);
  options.weights = arguments.Get("--weights");
  options.features =
      arguments.GetChoice("--features", options.features, {"last", "multi"});
  options.node_size =
      arguments.GetInt("--node-size", options.node_size, 4, 8192);
  options.edge_size =
      arguments.GetInt("--edge-size", options.edge_size, 1, 4096);
  return options;
}

ViewPlan ParseViewOptions(const Arguments& arguments) {
  const auto size =
      static_cast<int>(arguments.GetInt("--view-size", 320, 32, 1024));
  return ParseViews(arguments.Get("--views", "native:1,whole@1:1"), size);
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

int Interruptible(const std::string& program,
                  const std::function<int()>& body) {
  WatchInterrupts();
  try {
    return body();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kCancelled) throw;
    PrintError(program, error.what());
    return kExitInterrupted;
  }
}

void PrintAgreement(const std::string& label, size_t pictures,
                    const Agreement& agreement) {
  std::fputs(ResultTable({{label, pictures, agreement}}).c_str(), stdout);
}

}  // namespace graphiqa
