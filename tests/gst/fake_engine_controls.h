// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What tests do to all fake engines of a process while these run.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "error.h"

namespace graphiqa {

struct FakeEngineControls {
  std::mutex mutex;
  std::condition_variable changed;
  bool held = false;  ///< computing stands still
  int steps = 0;      ///< passes that may go on all the same
  int computing = 0;  ///< passes that have begun and not ended
  int failing = -1;   ///< ErrorCode of everything computed, -1 = none
  int refusing = -1;  ///< ErrorCode of opening, -1 = none
  int opened = 0;     ///< scorers, since the process began
  int live = 0;       ///< scorers

  /// A pass begins: waits while held, and fails where asked to.
  void Compute() {
    std::unique_lock<std::mutex> lock(mutex);
    ++computing;
    changed.notify_all();
    changed.wait(lock, [this] { return !held || steps > 0; });
    if (held) --steps;
    --computing;
    ThrowIf(failing, "fake failure on request");
  }

  static void ThrowIf(int code, const char* text) {
    if (code >= 0) throw Error(static_cast<ErrorCode>(code), text);
  }
};

/// The one that all share; never destroyed.
FakeEngineControls& Controls();

}  // namespace graphiqa
