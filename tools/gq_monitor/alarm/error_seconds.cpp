// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "error_seconds.h"

#include <algorithm>

namespace graphiqa {

ErrorSeconds::Minute& ErrorSeconds::Slot(int64_t unix_minute) {
  Minute& minute = minutes_[static_cast<size_t>(unix_minute % kMinutes)];
  if (minute.number != unix_minute) minute = {unix_minute, 0};
  return minute;
}

void ErrorSeconds::Note(int64_t unix_second, bool bad) {
  if (!bad || unix_second < 0 || unix_second <= counted_) return;
  counted_ = unix_second;
  ++Slot(unix_second / 60).seconds;
  ++total_;
}

void ErrorSeconds::Restore(int64_t unix_minute, int seconds) {
  if (unix_minute < 0) return;
  Slot(unix_minute).seconds = std::clamp(seconds, 0, 60);
}

int ErrorSeconds::InMinute(int64_t unix_minute) const {
  if (unix_minute < 0) return 0;
  const Minute& minute = minutes_[static_cast<size_t>(unix_minute % kMinutes)];
  return minute.number == unix_minute ? minute.seconds : 0;
}

int ErrorSeconds::Sum(int64_t unix_second, int64_t minutes) const {
  const int64_t newest = unix_second / 60;
  int sum = 0;
  for (int64_t minute = newest - minutes + 1; minute <= newest; ++minute) {
    sum += InMinute(minute);
  }
  return sum;
}

}  // namespace graphiqa
