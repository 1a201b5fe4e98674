// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>

#include <cstdio>
#include <string>
#include <vector>

#include "commands.h"
#include "common/args.h"

namespace graphiqa {
namespace {

constexpr CommandEntry kCommands[] = {
    {"finetune", "train a model on rated pictures", RunFinetune},
    {"probe", "measure a linear model on the frozen backbone", RunProbe},
    {"evaluate", "measure a model file on rated pictures", RunEvaluate},
    {"compare", "put training runs side by side", RunCompare},
    {nullptr, nullptr, nullptr}};

std::string CommandHelp() {
  std::string text = "Commands (each with --help):\n";
  for (const CommandEntry* entry = kCommands; entry->name; ++entry) {
    std::string name = entry->name;
    name.resize(12, ' ');
    text += "  " + name + entry->description + "\n";
  }
  return text;
}

int Main(const std::vector<std::string>& arguments) {
  if (!arguments.empty()) {
    for (const CommandEntry* entry = kCommands; entry->name; ++entry) {
      if (arguments[0] == entry->name) {
        return entry->run({arguments.begin() + 1, arguments.end()});
      }
    }
  }
  ProgramSpec spec;
  spec.name = "gq-trainer";
  spec.synopsis = "COMMAND [OPTION]…";
  spec.about = "Trains and evaluates models of picture quality.";
  spec.epilog = CommandHelp();
  return RunProgram(spec, arguments, [](const Arguments& parsed) -> int {
    const bool unknown = !parsed.positional().empty();
    throw Error(ErrorCode::kUsage,
                unknown ? "unknown command '" + parsed.positional()[0] + "'"
                        : std::string("a command is missing"));
  });
}

}  // namespace
}  // namespace graphiqa

namespace {

/// Activations of some megabytes come and go with every step. By default each
/// would be mapped anew and paged in by the kernel, which costs as much time
/// as the computing.
void KeepFreedMemory() {
  constexpr int kGibibyte = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, kGibibyte);
  mallopt(M_TRIM_THRESHOLD, kGibibyte);
  mallopt(M_TOP_PAD, 64 << 20);
}

}  // namespace

int main(int argc, char** argv) {
  KeepFreedMemory();
  return graphiqa::Main({argv + 1, argv + argc});
}
