// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqastats.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace graphiqa {
namespace {

constexpr GstClockTime kRateSpan = 10 * GST_SECOND;

/// Of uint64: how many passes had up to 1, 2, 4, … views, and more.
void SetBatchSizes(GstStructure* stats, const ScorerStatistics& engine) {
  GValue sizes = G_VALUE_INIT;
  g_value_init(&sizes, GST_TYPE_ARRAY);
  for (const uint64_t count : engine.batches_by_size) {
    GValue value = G_VALUE_INIT;
    g_value_init(&value, G_TYPE_UINT64);
    g_value_set_uint64(&value, count);
    gst_value_array_append_and_take_value(&sizes, &value);
  }
  gst_structure_take_value(stats, "batch-sizes", &sizes);
}

}  // namespace

void FlowStatistics::Reset() {
  const std::lock_guard<std::mutex> lock(mutex_);
  in_ = scored_ = held_ = skipped_ = failed_ = unscored_ = 0;
  queue_ns_ = inference_ns_ = 0;
  first_in_at_ = GST_CLOCK_TIME_NONE;
}

void FlowStatistics::CountIn() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (in_ == 0) first_in_at_ = gst_util_get_timestamp();
  ++in_;
}

void FlowStatistics::CountScored(const QualityResult& result,
                                 int64_t latency_ns) {
  const std::lock_guard<std::mutex> lock(mutex_);
  latencies_[scored_ % kWindow] = latency_ns;
  scored_at_[scored_ % kWindow] = gst_util_get_timestamp();
  ++scored_;
  queue_ns_ += static_cast<uint64_t>(std::max<int64_t>(result.queue_ns, 0));
  inference_ns_ +=
      static_cast<uint64_t>(std::max<int64_t>(result.inference_ns, 0));
}

void FlowStatistics::CountHeld() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++held_;
}

void FlowStatistics::CountSkipped() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++skipped_;
}

void FlowStatistics::CountFailed() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++failed_;
}

void FlowStatistics::CountUnscored() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++unscored_;
}

std::pair<uint64_t, uint64_t> FlowStatistics::ScoredAndUnscored() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return {scored_, unscored_};
}

double FlowStatistics::ScoringRate() const {
  const auto count = static_cast<size_t>(std::min<uint64_t>(scored_, kWindow));
  if (count == 0) return 0;
  const GstClockTime now = gst_util_get_timestamp();
  GstClockTime from = std::max(first_in_at_, now - std::min(now, kRateSpan));
  // A full ring may reach less far back.
  if (count == kWindow) from = std::max(from, scored_at_[scored_ % kWindow]);
  const auto recent = std::count_if(
      scored_at_.begin(), scored_at_.begin() + static_cast<long>(count),
      [from](GstClockTime at) { return at >= from; });
  return static_cast<double>(recent) * GST_SECOND /
         static_cast<double>(std::max<GstClockTime>(now - from, 1));
}

uint64_t FlowStatistics::LatencyQuantile(double share) const {
  const auto count = static_cast<size_t>(std::min<uint64_t>(scored_, kWindow));
  if (count == 0) return 0;
  std::vector<int64_t> sorted(latencies_.begin(),
                              latencies_.begin() + static_cast<long>(count));
  const auto rank =
      static_cast<long>(std::ceil(share * static_cast<double>(count)) - 1);
  const auto at = sorted.begin() + std::max(rank, 0L);
  std::nth_element(sorted.begin(), at, sorted.end());
  return static_cast<uint64_t>(std::max<int64_t>(*at, 0));
}

GstStructure* FlowStatistics::ToStructure(
    const ScorerStatistics& engine) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const uint64_t scored = std::max<uint64_t>(scored_, 1);
  const double batches =
      static_cast<double>(std::max<uint64_t>(engine.batches, 1));
  GstStructure* stats = gst_structure_new(
      "graphiqa-stats", "frames-in", G_TYPE_UINT64, in_, "frames-scored",
      G_TYPE_UINT64, scored_, "frames-held", G_TYPE_UINT64, held_,
      "frames-skipped", G_TYPE_UINT64, skipped_, "frames-failed", G_TYPE_UINT64,
      failed_, "frames-unscored", G_TYPE_UINT64, unscored_, "scoring-rate",
      G_TYPE_DOUBLE, ScoringRate(), "mean-batch", G_TYPE_DOUBLE,
      static_cast<double>(engine.views) / batches, "queue-time", G_TYPE_UINT64,
      queue_ns_ / scored, "inference-time", G_TYPE_UINT64,
      inference_ns_ / scored, "latency-p50", G_TYPE_UINT64,
      LatencyQuantile(0.50), "latency-p99", G_TYPE_UINT64,
      LatencyQuantile(0.99), "batch-views", G_TYPE_UINT64, engine.views,
      nullptr);
  SetBatchSizes(stats, engine);
  return stats;
}

}  // namespace graphiqa
