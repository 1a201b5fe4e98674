// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "program/commands.h"

namespace graphiqa {
namespace {

constexpr size_t kHelpColumn = 26;

std::string CommandHelp(const std::string& program,
                        const CommandEntry* commands) {
  std::string text = "Commands:\n";
  for (const CommandEntry* c = commands; c->name != nullptr; ++c) {
    std::string line = std::string("  ") + c->name;
    line.resize(kHelpColumn, ' ');
    text += line + c->about + "\n";
  }
  return text + "\n`" + program + " COMMAND --help` says more about each.\n";
}

}  // namespace

int RunCommands(ProgramSpec spec, const CommandEntry* commands,
                const std::vector<std::string>& arguments) {
  const std::string first = arguments.empty() ? "" : arguments[0];
  for (const CommandEntry* c = commands; c->name != nullptr; ++c) {
    if (first == c->name)
      return c->run({arguments.begin() + 1, arguments.end()});
  }
  spec.epilog = CommandHelp(spec.name, commands);
  return RunProgram(spec, arguments, [&first](const Arguments&) -> int {
    throw Error(ErrorCode::kUsage, first.empty()
                                       ? "a command is missing"
                                       : "unknown command \"" + first + "\"");
  });
}

}  // namespace graphiqa
