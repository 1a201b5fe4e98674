// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// The commands of gq-trainer; arguments are those after the command's name.
#pragma once

#include <string>
#include <vector>

namespace graphiqa {

int RunPretrain(const std::vector<std::string>& arguments);
int RunFinetune(const std::vector<std::string>& arguments);
int RunProbe(const std::vector<std::string>& arguments);
int RunEvaluate(const std::vector<std::string>& arguments);
int RunCompare(const std::vector<std::string>& arguments);
int RunAverage(const std::vector<std::string>& arguments);

}  // namespace graphiqa
