// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "command.h"
#include "format/json.h"
#include "new_model.h"
#include "tensor_file.h"

namespace graphiqa {
namespace {

ProgramSpec Spec() {
  ProgramSpec spec;
  spec.name = "gq-model import";
  spec.synopsis = "[OPTION]… CHECKPOINT -o FILE";
  spec.about =
      "Makes a model file out of a GraphIQA checkpoint: a state dict (.pth, "
      "legacy or zip, or safetensors) with the reference's names, with or "
      "without `module.` before them. All sizes are read from the tensors.";
  spec.options = NewModelOptions();
  const std::vector<OptionSpec> own = {
      {"--backbone", "NAME",
       "What the checkpoint must hold: " + BackboneNames() +
           " (default: as its names tell).",
       ""},
      {"--features", "KIND",
       "What it must hold: last, multi or multi-stats (default: as its "
       "tensors tell).",
       ""},
      {"--trained", "HEADS",
       "Which heads are trained: a list of mos, level, type, or none (default "
       "mos, as after the released finetuning; its pretraining gives level). "
       "A checkpoint does not tell. Untrained heads are never reported.",
       ""},
      {"--gain", "X", "Score = gain * mu + offset (default 1).", ""},
      {"--offset", "X", "See --gain (default 0).", ""},
  };
  spec.options.insert(spec.options.end(), own.begin(), own.end());
  return spec;
}

HeadsInfo TrainedHeads(const Arguments& arguments) {
  const std::string text = arguments.Get("--trained", "mos");
  HeadsInfo heads;
  if (text == "none") return heads;
  for (const std::string& name : SplitList("--trained", text)) {
    if (name != "mos" && name != "level" && name != "type") {
      throw Error(ErrorCode::kUsage,
                  "--trained: \"" + name + "\" is not mos, level or type");
    }
    heads.mos = heads.mos || name == "mos";
    heads.level = heads.level || name == "level";
    heads.type = heads.type || name == "type";
  }
  return heads;
}

void RequireSame(const std::string& option, const Arguments& arguments,
                 const std::string& found, const std::string& path) {
  const std::string wanted = arguments.Get(option, found);
  if (wanted != found) {
    throw Error(ErrorCode::kFormat, path + ": holds " + option.substr(2) + " " +
                                        found + ", not " + wanted);
  }
}

ArchitectureInfo ReadArchitecture(const Arguments& arguments,
                                  const TensorFile& file) {
  ArchitectureInfo architecture;
  try {
    architecture = DeduceArchitecture(file.tensors);
  } catch (const Error& error) {
    throw Error(error.code(),
                file.path + ": no GraphIQA checkpoint: " + error.what());
  }
  if (architecture.backbone == kNoBackbone) {
    throw Error(ErrorCode::kFormat,
                file.path + ": holds heads alone; a model needs a backbone");
  }
  RequireSame("--backbone", arguments, architecture.backbone, file.path);
  RequireSame("--features", arguments, architecture.features, file.path);
  const std::vector<std::string> types =
      SplitList("--types", arguments.Get("--types"));
  if (types.empty()) return architecture;
  if (types.size() != architecture.types.size()) {
    throw Error(ErrorCode::kUsage,
                "--types has " + std::to_string(types.size()) +
                    " names, the type head " +
                    std::to_string(architecture.types.size()) + " rows");
  }
  architecture.types = types;
  return architecture;
}

int Import(const Arguments& arguments) {
  const std::string& path = RequireFiles(arguments, 1)[0];
  const std::string output = RequireOutput(arguments);
  if (arguments.Has("--backbone")) FindBackbone(arguments.Get("--backbone"));
  arguments.GetChoice("--features", kLast, FeatureKinds());
  const HeadsInfo heads = TrainedHeads(arguments);
  const TensorFile file = OpenTensorFile(path);
  const ArchitectureInfo architecture = ReadArchitecture(arguments, file);
  ModelInfo info = NewModelInfo(arguments, architecture, Stem(output));
  info.heads = heads;
  info.score.gain = arguments.GetDouble("--gain", 1, -1e6, 1e6);
  info.score.offset = arguments.GetDouble("--offset", 0, -1e6, 1e6);
  info.training =
      Json(Json::Object{{"imported_from", path.substr(path.rfind('/') + 1)},
                        {"imported_sha256", HashTensors(file.tensors)},
                        {"software", "gq-model " GRAPHIQA_VERSION}})
          .Dump();
  Network network(architecture, Weights::kUninitialised);
  LoadStateDict(network, file.tensors, path);
  WriteNewModel(arguments, info, network);
  return kExitOk;
}

}  // namespace

int RunImport(const std::vector<std::string>& arguments) {
  return RunProgram(Spec(), arguments, Import);
}

}  // namespace graphiqa
