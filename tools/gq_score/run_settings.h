// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "page/frame.h"
#include "runner.h"
#include "scorer.h"

namespace graphiqa {

/// What a report has to say for its numbers to be had again: model, device,
/// views, frames, versions, date.
/// @param shard  as given, empty = all files
Settings DescribeRun(const RunOptions& options, const ModelDescription& model,
                     const std::string& shard);

}  // namespace graphiqa
