// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// gq-model: looks at, converts and checks model files.

#include "command.h"
#include "program/commands.h"

namespace graphiqa {
namespace {

constexpr CommandEntry kCommands[] = {
    {"info", "Print what a model file says about itself.", RunInfo},
    {"verify", "Load model files in full and check every value.", RunVerify},
    {"import", "Make a model file out of a GraphIQA checkpoint.", RunImport},
    {"export", "Write a model's tensors as a plain state dict.", RunExport},
    {"init", "Make an untrained model, with backbone weights.", RunInit},
    {"diff", "Compare the tensors of two files.", RunDiff},
    {"trace", "Run a model and write every intermediate tensor.", RunTrace},
    {nullptr, nullptr, nullptr},
};

int Run(const std::vector<std::string>& arguments) {
  ProgramSpec spec;
  spec.name = "gq-model";
  spec.synopsis = "COMMAND [OPTION]… FILE…";
  spec.about =
      "Looks at, converts and checks the model files of graphiqa. Files may "
      "be model files, plain safetensors state dicts or PyTorch checkpoints "
      "(.pth, read without running anything in them).";
  return RunCommands(spec, kCommands, arguments);
}

}  // namespace
}  // namespace graphiqa

int main(int argc, char** argv) {
  return graphiqa::Run({argv + 1, argv + argc});
}
