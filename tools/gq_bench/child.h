// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "format/json.h"

namespace graphiqa {

/// Runs `body` in a process of its own, so that each measurement starts afresh,
/// has a peak of memory of its own, and takes no other along when it dies. To
/// be called while this process has one thread.
/// @param body  its result comes back; what it throws is thrown here
/// @throws Error(kFile) when the process cannot be made or dies by a signal,
///   Error(kCancelled) once the program is told to stop
Json RunInChild(const std::function<Json()>& body);

}  // namespace graphiqa
