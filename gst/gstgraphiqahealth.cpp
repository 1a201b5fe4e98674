// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqahealth.h"

#include <algorithm>

namespace graphiqa {
namespace {

constexpr GstClockTime kFirstDelay = 250 * GST_MSECOND;
constexpr GstClockTime kLongestDelay = 30 * GST_SECOND;
constexpr GstClockTime kBetweenNews = 5 * GST_SECOND;

}  // namespace

bool HealthWatch::IsNews(GstClockTime now) const {
  if (!trouble_told_at_ || now - *trouble_told_at_ >= kBetweenNews) return true;
  // From well to failing may happen with every other frame.
  return state_ != told_ &&
         !(state_ == State::kFailing && told_ == State::kWell);
}

std::optional<HealthNews> HealthWatch::Failed(const Error& error,
                                              GstClockTime now) {
  ++failed_;
  const bool device = error.code() == ErrorCode::kDevice;
  if (device) {
    delay_ = std::clamp(2 * delay_, kFirstDelay, kLongestDelay);
    retry_at_ = now + delay_;
    state_ = State::kLost;
  } else if (state_ == State::kLost) {
    return std::nullopt;
  } else {
    state_ = State::kFailing;
  }
  if (!IsNews(now)) return std::nullopt;
  told_ = state_;
  trouble_told_at_ = now;
  return HealthNews{device ? "lost" : "failing", error.what(), failed_,
                    device ? delay_ : GST_CLOCK_TIME_NONE};
}

void HealthWatch::Reopened() { state_ = State::kFailing; }

std::optional<HealthNews> HealthWatch::Scored() {
  state_ = State::kWell;
  delay_ = 0;
  if (told_ == State::kWell) return std::nullopt;
  told_ = State::kWell;
  return HealthNews{"recovered", "", failed_, GST_CLOCK_TIME_NONE};
}

}  // namespace graphiqa
