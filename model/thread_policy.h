// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace graphiqa {

/// For threads that compute for long, and those they make: waking up, they do
/// not take the processor from a thread that runs, such as a stream's. Priority
/// and share of the processor stay as they are (SCHED_BATCH, sched(7); allowed
/// to everybody). A policy that somebody chose stays.
void WakeUpPolitely();

}  // namespace graphiqa
