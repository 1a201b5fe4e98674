// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "scorer.h"

namespace graphiqa {

/// The only symbol of the engine library that the seam looks up. Never throws:
/// on failure returns false and fills `code` and `message`.
using OpenScorerFn = bool (*)(const ScorerOptions* options,
                              std::shared_ptr<Scorer>* scorer, ErrorCode* code,
                              std::string* message);
inline constexpr const char* kOpenScorerSymbol = "graphiqa_open_scorer_v2";

}  // namespace graphiqa
