// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace graphiqa {

int RunEngine(const std::vector<std::string>& arguments);
int RunPipeline(const std::vector<std::string>& arguments);
int RunLive(const std::vector<std::string>& arguments);

}  // namespace graphiqa
