// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "network/model_file.h"
#include "options.h"

namespace graphiqa {

/// Gives a model a network of more features or more nodes: what it had, at the
/// places of the same features and nodes, new parameters zero.
void GrowNetwork(const ArchitectureInfo& architecture, Model* model);

/// Gives a restored model with features `multi` those that the options state,
/// `multi-stats`: the same function until training makes use of the new ones,
/// which still want statistics (Network::Restandardise()).
/// @returns whether anything changed
/// @throws Error(kUsage) naming both for any other change
bool WidenFeatures(const NetworkOptions& options, Model* model);

}  // namespace graphiqa
