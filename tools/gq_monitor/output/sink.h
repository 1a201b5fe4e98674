// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "store/spool.h"

namespace graphiqa {

/// How an attempt to deliver ended.
struct SendResult {
  enum class Kind {
    kDone,
    kRetry,    ///< the other side is down or busy: try again later
    kRejected  ///< it will never take this event
  };
  Kind kind = Kind::kDone;
  std::string reason;
};

/// Where events go, one at a time. Of the main thread.
class Sink {
 public:
  virtual ~Sink() = default;

  /// Whether an attempt makes sense now.
  virtual bool Ready() { return true; }
  /// Starts to send. Never waits.
  virtual void Send(const Spooled& event) = 0;
  /// The end of the attempt, once, when it has ended.
  virtual std::optional<SendResult> Poll() = 0;
};

/// Makes somebody look at the sinks soon; may be called from any thread.
using Wake = std::function<void()>;

}  // namespace graphiqa
