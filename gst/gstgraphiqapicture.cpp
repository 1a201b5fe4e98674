// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqapicture.h"

#include <utility>

namespace graphiqa {
namespace {

constexpr GstClockTime kFrozenAfter = GST_SECOND;
constexpr GstClockTime kAssumedFrameTime = GST_SECOND / 25;

}  // namespace

GstClockTime PictureWatch::StillFor(const std::vector<uint16_t>& values,
                                    GstClockTime time) {
  if (values != last_) return 0;
  const bool timed =
      GST_CLOCK_TIME_IS_VALID(time) && GST_CLOCK_TIME_IS_VALID(last_time_);
  if (!timed) return still_for_ + kAssumedFrameTime;
  // Playing backwards counts as well.
  return still_for_ +
         (time > last_time_ ? time - last_time_ : last_time_ - time);
}

PictureState PictureWatch::Update(LumaSamples samples, GstClockTime time) {
  still_for_ = StillFor(samples.values, time);
  last_time_ = time;
  const PictureState still = StillState(samples);
  last_ = std::move(samples.values);
  if (still != PictureState::kNormal) return still;
  return still_for_ >= kFrozenAfter ? PictureState::kFrozen
                                    : PictureState::kNormal;
}

void PictureWatch::Reset() {
  last_.clear();
  last_time_ = GST_CLOCK_TIME_NONE;
  still_for_ = 0;
}

}  // namespace graphiqa
