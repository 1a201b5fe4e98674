// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqachooser.h"

namespace graphiqa {
namespace {

/// Timestamps are cut to whole nanoseconds; without this a frame that starts a
/// slot would fall into the one before.
constexpr GstClockTime kRounding = GST_USECOND;

}  // namespace

bool FrameChooser::Choose(const ChoiceRule& rule, GstClockTime stream_time) {
  ++since_chosen_;
  if (any_ && since_chosen_ < rule.interval) return false;
  std::optional<uint64_t> slot;
  if (rule.rate_n > 0 && GST_CLOCK_TIME_IS_VALID(stream_time)) {
    slot = gst_util_uint64_scale(
        stream_time + kRounding, static_cast<guint64>(rule.rate_n),
        static_cast<guint64>(rule.rate_d) * GST_SECOND);
  }
  if (any_ && slot && slot == last_slot_) return false;
  any_ = true;
  since_chosen_ = 0;
  last_slot_ = slot;
  return true;
}

void FrameChooser::Reset() {
  since_chosen_ = 0;
  any_ = false;
  last_slot_.reset();
}

uint64_t FrameNumbers::Next(int fps_n, int fps_d, GstClockTime stream_time) {
  const uint64_t counted = count_++;
  if (fps_n <= 0 || !GST_CLOCK_TIME_IS_VALID(stream_time)) return counted;
  return gst_util_uint64_scale_round(stream_time, static_cast<guint64>(fps_n),
                                     static_cast<guint64>(fps_d) * GST_SECOND);
}

}  // namespace graphiqa
