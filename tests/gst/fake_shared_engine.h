// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "scorer.h"

namespace graphiqa {

/// Opens the engine's own batcher and registry on a backend without a network:
/// scorers with equal model files share it. The score is as of the fake engine.
/// @param plan      of the model
/// @param delay_ms  of each pass
std::shared_ptr<Scorer> OpenFakeShared(const ScorerOptions& options,
                                       const ViewPlan& plan, int delay_ms);

}  // namespace graphiqa
