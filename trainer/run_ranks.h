// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "options.h"
#include "ranks/ranks.h"

namespace graphiqa {

/// Runs a training: alone; as one rank of those that a launcher has started,
/// see PlaceFromEnvironment(); or, with --ranks, by starting copies of this
/// program and waiting for them.
/// @param program  named in messages
/// @param check    called with the number of ranks before anything is started;
///   throws when they cannot share the work
/// @returns the exit code
int RunOverRanks(const std::string& program, const RunOptions& run,
                 const std::function<void(int ranks)>& check,
                 const std::function<void(const Ranks&)>& body);

}  // namespace graphiqa
