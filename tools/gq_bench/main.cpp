// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// gq-bench: measures the engine and whole pipelines on this machine.
#include "command.h"
#include "common/signals.h"
#include "program/commands.h"

namespace graphiqa {
namespace {

constexpr CommandEntry kCommands[] = {
    {"engine", "Crops per second, latency and memory of the engine.",
     RunEngine},
    {"pipeline", "Frames per second of pipelines with and without graphiqa.",
     RunPipeline},
    {"live", "What live mode does to streams, and how often it scores them.",
     RunLive},
    {nullptr, nullptr, nullptr},
};

int Run(const std::vector<std::string>& arguments) {
  HandleSignals();
  ProgramSpec spec;
  spec.name = "gq-bench";
  spec.synopsis = "COMMAND [OPTION]…";
  spec.about =
      "Measures how fast this machine scores. Let it do nothing else "
      "meanwhile; the load average goes into the results.";
  return RunCommands(spec, kCommands, arguments);
}

}  // namespace
}  // namespace graphiqa

int main(int argc, char** argv) {
  return graphiqa::Run({argv + 1, argv + argc});
}
