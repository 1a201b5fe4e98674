// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace graphiqa {

/// From now on SIGINT and SIGTERM are only noted; a second one ends the
/// program as usual.
void WatchInterrupts();

/// Whether one was noted.
bool Interrupted();

/// @throws Error(kCancelled) when one was noted
void ThrowIfInterrupted();

}  // namespace graphiqa
