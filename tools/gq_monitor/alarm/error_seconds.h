// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace graphiqa {

/// Seconds in which a channel was in error, over the last hour and day. A
/// second counts as a whole when anything was bad in it.
class ErrorSeconds {
 public:
  /// @param unix_second  going forward; a jump back is taken as standing still
  void Note(int64_t unix_second, bool bad);

  /// Adds what was counted before this process started.
  /// @param seconds  0 to 60
  void Restore(int64_t unix_minute, int seconds);

  /// In the minutes that have begun within the last hour and day.
  int LastHour(int64_t unix_second) const { return Sum(unix_second, 60); }
  int LastDay(int64_t unix_second) const { return Sum(unix_second, kMinutes); }
  int InMinute(int64_t unix_minute) const;
  uint64_t total() const { return total_; }  ///< of this process

 private:
  static constexpr int64_t kMinutes = 1440;
  struct Minute {
    int64_t number = -1;  ///< minutes since 1970
    int seconds = 0;
  };

  int Sum(int64_t unix_second, int64_t minutes) const;
  Minute& Slot(int64_t unix_minute);

  std::array<Minute, kMinutes> minutes_;
  int64_t counted_ = -1;  ///< the last second that was found bad
  uint64_t total_ = 0;
};

}  // namespace graphiqa
