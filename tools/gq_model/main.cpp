// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// gq-model: looks at, converts and checks model files.

#include <cstdio>

#include "command.h"

namespace graphiqa {
namespace {

/// Ends with an entry whose name is null.
constexpr Command kCommands[] = {
    {"info", "Print what a model file says about itself.", RunInfo},
    {"verify", "Load model files in full and check every value.", RunVerify},
    {"import", "Make a model file out of a GraphIQA checkpoint.", RunImport},
    {"export", "Write a model's tensors as a plain state dict.", RunExport},
    {"init", "Make an untrained model, with backbone weights.", RunInit},
    {"diff", "Compare the tensors of two files.", RunDiff},
    {"trace", "Run a model and write every intermediate tensor.", RunTrace},
    {nullptr, nullptr, nullptr},
};

ProgramSpec Spec() {
  ProgramSpec spec;
  spec.name = "gq-model";
  spec.synopsis = "COMMAND [OPTION]… FILE…";
  spec.about =
      "Looks at, converts and checks the model files of graphiqa. Files may "
      "be model files, plain safetensors state dicts or PyTorch checkpoints "
      "(.pth, read without running anything in them).";
  spec.epilog = "Commands:\n";
  for (const Command* c = kCommands; c->name != nullptr; ++c) {
    std::string line = std::string("  ") + c->name;
    line.resize(26, ' ');
    spec.epilog += line + c->about + "\n";
  }
  spec.epilog += "\n`gq-model COMMAND --help` says more about each.\n";
  return spec;
}

int Run(const std::vector<std::string>& arguments) {
  const std::string first = arguments.empty() ? "" : arguments[0];
  for (const Command* c = kCommands; c->name != nullptr; ++c) {
    if (first == c->name)
      return c->run({arguments.begin() + 1, arguments.end()});
  }
  return RunProgram(Spec(), arguments, [&](const Arguments&) -> int {
    throw Error(ErrorCode::kUsage, first.empty()
                                       ? "a command is missing"
                                       : "unknown command \"" + first + "\"");
  });
}

}  // namespace
}  // namespace graphiqa

int main(int argc, char** argv) {
  return graphiqa::Run({argv + 1, argv + argc});
}
