// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "alarm/alarm_book.h"
#include "config/settings.h"
#include "output/deliverer.h"
#include "store/spool.h"

namespace graphiqa {

/// How an output stands.
struct OutputStatus {
  std::string name;
  int64_t waiting = 0;
  int64_t delivered = 0;
  int64_t failures = 0;
  int64_t lost = 0;  ///< rejected by the receiver, or pushed out of the spool
  std::string trouble;
};

/// All outputs that can be down. Of the main thread, which runs GLib's default
/// main context.
class Outputs {
 public:
  explicit Outputs(Spool* spool);
  ~Outputs();
  Outputs(const Outputs&) = delete;
  Outputs& operator=(const Outputs&) = delete;

  /// Starts what is new, ends what is gone, leaves the rest alone.
  void Configure(const OutputSettings& settings);

  /// Puts the event on disk for every output. Call it within the transaction
  /// that records what the event tells of. @throws Error(kFile)
  void Add(const AlarmEvent& event);

  void Tick(double now);
  std::vector<OutputStatus> status();
  /// Nothing waits for an output that could take it.
  bool idle();

 private:
  struct Entry {
    std::string fingerprint;
    std::unique_ptr<Deliverer> deliverer;
    int64_t pushed_out = 0;
  };
  struct Waker;

  Wake MakeWake();
  void Keep(const std::string& name, const std::string& fingerprint,
            std::map<std::string, Entry>* before,
            const std::function<std::unique_ptr<Sink>()>& make);

  Spool* const spool_;
  std::shared_ptr<Waker> waker_;
  std::map<std::string, Entry> entries_;
};

}  // namespace graphiqa
