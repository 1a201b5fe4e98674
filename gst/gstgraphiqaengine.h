// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "scorer.h"

namespace graphiqa {

/// The element's hold on an engine. Thread-safe, but for Open(), Reopen() and
/// Close() among each other.
class EngineHandle {
 public:
  EngineHandle() = default;
  ~EngineHandle() { Close(); }
  EngineHandle(const EngineHandle&) = delete;
  EngineHandle& operator=(const EngineHandle&) = delete;

  /// Lets go of the engine before and opens another.
  /// @throws Error as OpenScorer()
  void Open(const ScorerOptions& options);

  /// Open() with the same options.
  /// @throws Error also when the file holds another model by now
  void Reopen();

  /// Drops what waits, waits for what is being computed and lets go of the
  /// engine. A device that hangs is left behind after five seconds.
  void Close();

  bool is_open() const { return scorer() != nullptr; }

  /// Null when closed. For the thread that may close: whoever lets go of an
  /// engine last waits for it.
  std::shared_ptr<Scorer> scorer() const;

  /// Of the open engine, else as they were at its end.
  ScorerStatistics statistics() const;

 private:
  ScorerOptions options_;
  std::string model_;  ///< short hash of what Open() opened
  mutable std::mutex mutex_;
  std::shared_ptr<Scorer> scorer_;
  ScorerStatistics at_close_;
};

}  // namespace graphiqa
