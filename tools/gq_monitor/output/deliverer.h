// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "channel/backoff.h"
#include "output/sink.h"
#include "store/spool.h"

namespace graphiqa {

/// Brings the events of one output from the spool to its sink: in order, each
/// until it is taken. An event that the other side rejects is tried a few
/// times and then given up, lest it holds up all behind it.
class Deliverer {
 public:
  Deliverer(std::string output, Spool* spool, std::unique_ptr<Sink> sink,
            Random random);

  /// @param now  seconds of the monotonic clock
  void Tick(double now);

  const std::string& output() const { return output_; }
  bool sending() const { return sending_.has_value(); }
  /// Why the last attempt failed; empty after a success.
  const std::string& trouble() const { return trouble_; }
  int64_t delivered() const { return delivered_; }
  int64_t failures() const { return failures_; }
  int64_t given_up() const { return given_up_; }

 private:
  void Finish(const SendResult& result, double now);

  const std::string output_;
  Spool* const spool_;
  const std::unique_ptr<Sink> sink_;
  Backoff backoff_;
  std::optional<Spooled> sending_;
  double next_attempt_ = 0;
  int rejections_ = 0;  ///< of the present event
  std::string trouble_;
  int64_t delivered_ = 0;
  int64_t failures_ = 0;
  int64_t given_up_ = 0;
};

}  // namespace graphiqa
