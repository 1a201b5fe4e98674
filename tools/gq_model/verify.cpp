// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "command.h"
#include "network/model_file.h"

namespace graphiqa {
namespace {

ProgramSpec Spec() {
  ProgramSpec spec;
  spec.name = "gq-model verify";
  spec.synopsis = "FILE…";
  spec.about =
      "Loads model files as the element does: metadata, names, shapes, "
      "SHA-256, and that every value is finite. Exit code 1 when any is bad; "
      "the others are still checked.";
  return spec;
}

}  // namespace

int RunVerify(const std::vector<std::string>& arguments) {
  return RunProgram(Spec(), arguments, [](const Arguments& parsed) -> int {
    if (parsed.positional().empty()) {
      throw Error(ErrorCode::kUsage, "needs a model file");
    }
    int code = kExitOk;
    for (const std::string& path : parsed.positional()) {
      try {
        const Model model = LoadModel(path);
        std::printf("%s: good, %s, sha256 %s\n", path.c_str(),
                    model.info.name.c_str(), model.info.sha256.c_str());
      } catch (const std::exception& error) {
        PrintError("gq-model verify", error.what());
        code = kExitFailed;
      }
    }
    return code;
  });
}

}  // namespace graphiqa
