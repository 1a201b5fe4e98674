// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace graphiqa {

/// One row of the command table of gq-trainer.
struct CommandEntry {
  const char* name;
  const char* description;  ///< one line for --help
  /// Runs with what follows the command's name. @returns the exit code
  int (*run)(const std::vector<std::string>& arguments);
};

int RunFinetune(const std::vector<std::string>& arguments);
int RunProbe(const std::vector<std::string>& arguments);
int RunEvaluate(const std::vector<std::string>& arguments);
int RunCompare(const std::vector<std::string>& arguments);

}  // namespace graphiqa
