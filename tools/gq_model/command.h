// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// The commands of gq-model; arguments are those after the command's name.
#pragma once

#include <string>
#include <vector>

#include "program/args.h"

namespace graphiqa {

int RunInfo(const std::vector<std::string>& arguments);
int RunVerify(const std::vector<std::string>& arguments);
int RunImport(const std::vector<std::string>& arguments);
int RunExport(const std::vector<std::string>& arguments);
int RunInit(const std::vector<std::string>& arguments);
int RunDiff(const std::vector<std::string>& arguments);
int RunTrace(const std::vector<std::string>& arguments);

}  // namespace graphiqa
