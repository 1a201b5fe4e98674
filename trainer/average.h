// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "network/model_file.h"

namespace graphiqa {

/// The mean of the weights of models that were finetuned from one start ("model
/// soup", Wortsman et al. 2022). Name and counters are the first's; the
/// training record holds those of all.
/// @param paths  at least two model files
/// @throws Error(kUsage) when they differ in more than weights, name and
///   training record; as LoadModel()
Model AverageModels(const std::vector<std::string>& paths);

}  // namespace graphiqa
