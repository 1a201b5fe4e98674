// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>

#include <array>
#include <cstdint>
#include <mutex>
#include <utility>

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
  void CountUnscored();

  /// Frames scored, and frames chosen but replaced by newer ones.
  std::pair<uint64_t, uint64_t> ScoredAndUnscored() const;

  /// The property `stats`: frames-in, frames-scored, frames-held,
  /// frames-skipped, frames-failed, frames-unscored (uint64), scoring-rate
  /// (double, scored frames per second of real time over the last ten seconds),
  /// mean-batch (double, views per pass of the engine), queue-time,
  /// inference-time (uint64, ns, mean per scored frame), latency-p50,
  /// latency-p99 (uint64, ns, over the last 1024 scored frames), batch-views
  /// (uint64, views scored by the engine), batch-sizes (array of uint64, its
  /// passes of up to 1, 2, 4, … 256 views, and of more). Times, rate and batch
  /// are 0 while nothing is scored.
  /// @param engine  counters of the engine
  /// @returns (transfer full)
  GstStructure* ToStructure(const ScorerStatistics& engine) const;

 private:
  static constexpr size_t kWindow = 1024;

  /// @param share  [0, 1]: 0.5 = median. Call with the lock held.
  uint64_t LatencyQuantile(double share) const;
  /// Call with the lock held.
  double ScoringRate() const;

  mutable std::mutex mutex_;
  uint64_t in_ = 0;
  uint64_t scored_ = 0;
  uint64_t held_ = 0;
  uint64_t skipped_ = 0;
  uint64_t failed_ = 0;
  uint64_t unscored_ = 0;
  uint64_t queue_ns_ = 0;
  uint64_t inference_ns_ = 0;
  // Rings of the scored frames; the newest overwrites.
  std::array<int64_t, kWindow> latencies_{};       ///< ns
  std::array<GstClockTime, kWindow> scored_at_{};  ///< monotonic, ns
  GstClockTime first_in_at_ = GST_CLOCK_TIME_NONE;
};

}  // namespace graphiqa
