// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "program/args.h"

namespace graphiqa {

/// One row of a program's table of commands, which ends with an entry whose
/// name is null.
struct CommandEntry {
  const char* name;
  const char* about;  ///< one line for the program's --help
  /// Runs with what follows the command's name. @returns the exit code
  int (*run)(const std::vector<std::string>& arguments);
};

/// main() of a program with commands: runs the one that comes first, or
/// answers `--help`, which lists them, and `--version`.
/// @param spec       without options and epilog
/// @param arguments  without the program's name
int RunCommands(ProgramSpec spec, const CommandEntry* commands,
                const std::vector<std::string>& arguments);

}  // namespace graphiqa
