// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace graphiqa {

/// From now on SIGINT and SIGTERM are only noted; a second one ends the
/// program as usual.
void WatchInterrupts();

/// While it lives, SIGINT and SIGTERM end the program at once: for waits that
/// nothing else can end and where there is nothing to keep yet.
class UnwatchedInterrupts {
 public:
  UnwatchedInterrupts();
  ~UnwatchedInterrupts();
  UnwatchedInterrupts(const UnwatchedInterrupts&) = delete;
  UnwatchedInterrupts& operator=(const UnwatchedInterrupts&) = delete;
};

/// Forgets what was noted, so that a test can go on in the same process.
void ForgetInterrupts();

/// Whether one was noted.
bool Interrupted();

/// @throws Error(kCancelled) when one was noted
void ThrowIfInterrupted();

}  // namespace graphiqa
