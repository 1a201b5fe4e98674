// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "format/json.h"
#include "format/model_info.h"
#include "run_folder.h"
#include "session.h"

namespace graphiqa {

/// The `training` entry of a model file: data sets with licences, seed,
/// options, measures of the validation part, software.
std::string TrainingRecord(const AllData& data, uint64_t seed,
                           const Json& config, const EpochRow& row);

}  // namespace graphiqa
