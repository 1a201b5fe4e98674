// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "program/args.h"

namespace graphiqa {

/// One row of gq-model's table of commands.
struct Command {
  const char* name;
  const char* about;  ///< one line for `gq-model --help`
  /// Runs it; arguments are those after the command's name.
  int (*run)(const std::vector<std::string>& arguments);
};

int RunInfo(const std::vector<std::string>& arguments);
int RunVerify(const std::vector<std::string>& arguments);
int RunImport(const std::vector<std::string>& arguments);
int RunExport(const std::vector<std::string>& arguments);
int RunInit(const std::vector<std::string>& arguments);
int RunDiff(const std::vector<std::string>& arguments);
int RunTrace(const std::vector<std::string>& arguments);

}  // namespace graphiqa
