// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

namespace graphiqa {

/// The first SIGINT or SIGTERM sets StopFlag(), so that the work ends in order;
/// a second one ends the program at once. Writing to a closed pipe becomes an
/// error of the write.
void HandleSignals();

const std::atomic<bool>& StopFlag();

/// The signal that set it, 0 = none.
int StopSignal();

}  // namespace graphiqa
