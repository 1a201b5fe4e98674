// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "new_model.h"

#include <cstdio>

#include "tensor_file.h"

namespace graphiqa {

std::vector<OptionSpec> NewModelOptions() {
  return {
      {"--output", "FILE", "Where to write the model. Required.", "-o"},
      {"--name", "TEXT", "Its name (default: the output file's).", ""},
      {"--types", "A,B,…",
       "Names of the type head's rows (default: the 25 of KADID-10k).", ""},
      {"--view-size", "PIXELS", "Side of a view, 32 to 1024 (default 224).",
       ""},
      {"--views", "N",
       "Views per picture at its own resolution, 1 to 256 (default 25, as the "
       "released evaluation).",
       ""},
      {"--storage", "TYPE",
       "fp32 or fp16: element type of matrices and convolutions (default "
       "fp32).",
       ""},
  };
}

ModelInfo NewModelInfo(const Arguments& arguments,
                       const ArchitectureInfo& architecture,
                       const std::string& name) {
  const BackboneEntry& backbone = FindBackbone(architecture.backbone);
  ModelInfo info;
  info.name = arguments.Get("--name", name);
  info.architecture = architecture;
  info.input.mean = backbone.mean;
  info.input.std = backbone.std;
  info.input.views.view_size_px =
      static_cast<int>(arguments.GetInt("--view-size", 224, 32, 1024));
  info.input.views.native =
      static_cast<int>(arguments.GetInt("--views", 25, 1, 256));
  return info;
}

void WriteNewModel(const Arguments& arguments, const ModelInfo& info,
                   const Network& network) {
  const std::string output = RequireOutput(arguments);
  const std::string type =
      arguments.GetChoice("--storage", "fp32", {"fp32", "fp16"});
  SaveModel(output, info, network,
            type == "fp16" ? StorageType::kFloat16 : StorageType::kFloat32);
  std::printf("%s: written\n", output.c_str());
}

std::string BackboneNames() {
  std::string names;
  for (const BackboneEntry* entry = kBackbones; entry->name != nullptr;
       ++entry) {
    names += (names.empty() ? "" : ", ") + std::string(entry->name);
  }
  return names;
}

}  // namespace graphiqa
