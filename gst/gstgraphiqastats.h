// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>

#include <array>
#include <cstdint>
#include <mutex>

#include "scorer.h"

namespace graphiqa {

/// Counters of one element since it opened its model. Thread-safe.
class FlowStatistics {
 public:
  void Reset();
  void CountIn();
  void CountScored(const QualityResult& result, int64_t latency_ns);
  void CountHeld();
  void CountSkipped();
  void CountFailed();

  /// The property `stats`: frames-in, frames-scored, frames-held,
  /// frames-skipped, frames-failed (uint64), mean-batch (double, views per
  /// pass of the engine), queue-time, inference-time (uint64, ns, mean per
  /// scored frame), latency-p50, latency-p99 (uint64, ns, over the last 1024
  /// scored frames). Times and batch are 0 while nothing is scored.
  /// @param engine  counters of the engine
  /// @returns (transfer full)
  GstStructure* ToStructure(const ScorerStatistics& engine) const;

 private:
  static constexpr size_t kWindow = 1024;

  /// @param share  [0, 1]: 0.5 = median. Call with the lock held.
  uint64_t LatencyQuantile(double share) const;

  mutable std::mutex mutex_;
  uint64_t in_ = 0;
  uint64_t scored_ = 0;
  uint64_t held_ = 0;
  uint64_t skipped_ = 0;
  uint64_t failed_ = 0;
  uint64_t queue_ns_ = 0;
  uint64_t inference_ns_ = 0;
  std::array<int64_t, kWindow> latencies_{};  ///< ring, newest overwrites
};

}  // namespace graphiqa
