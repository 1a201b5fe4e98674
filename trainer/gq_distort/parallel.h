// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace graphiqa {

/// Runs `work(i)` for i in [0, count) on threads, with a progress bar, until
/// all is done or the user interrupts. What an item throws is handed to
/// `failed`, one at a time, and the others go on.
/// @param unit  what is counted, for the bar
/// @returns whether all items were begun, so false after an interrupt
bool ForEachParallel(
    size_t count, int jobs, const std::string& unit,
    const std::function<void(size_t)>& work,
    const std::function<void(size_t, const std::string& message)>& failed);

}  // namespace graphiqa
