// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace graphiqa {

/// One line on stderr that shows how far a program is: bar, numbers, rate and
/// time left. It appears only on a terminal and only after two seconds, so
/// short runs, pipes and logs stay clean. Thread-safe.
class ProgressBar {
 public:
  /// @param total  number of steps, 0 = unknown
  /// @param unit   what is counted, "files"
  ProgressBar(uint64_t total, std::string unit);

  /// Clears the line.
  ~ProgressBar();

  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// Sets how many steps are done, which may be part of one. Redraws at most
  /// ten times a second.
  /// @param note  what is being done, printed at the end of the line
  void Update(double done, const std::string& note = "");

  /// Takes the line away so that something else can be printed; the next
  /// Update() draws it again.
  void Clear();

 private:
  using Clock = std::chrono::steady_clock;
  std::string Line(double done, const std::string& note, double seconds) const;

  const uint64_t total_;
  const std::string unit_;
  const bool terminal_;
  const Clock::time_point start_;
  std::mutex mutex_;
  Clock::time_point drawn_;
  bool visible_ = false;
};

}  // namespace graphiqa
