// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "program/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace graphiqa {
namespace {

constexpr double kFirstSeconds = 2.0;
constexpr double kRedrawSeconds = 0.1;
constexpr size_t kBarWidth = 24;
constexpr size_t kDefaultColumns = 80;

size_t TerminalColumns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return kDefaultColumns;
}

std::string Clocked(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  char text[32];
  std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
  return text;
}

}  // namespace

ProgressBar::ProgressBar(uint64_t total, std::string unit)
    : total_(total),
      unit_(std::move(unit)),
      terminal_(isatty(STDERR_FILENO) == 1),
      start_(Clock::now()),
      drawn_(start_) {}

ProgressBar::~ProgressBar() { Clear(); }

void ProgressBar::Clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (visible_) std::fputs("\r\033[K", stderr);
  visible_ = false;
}

void ProgressBar::Update(double done, const std::string& note) {
  if (!terminal_) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  const Clock::time_point now = Clock::now();
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double since = std::chrono::duration<double>(now - drawn_).count();
  if (seconds < kFirstSeconds || since < kRedrawSeconds) return;
  drawn_ = now;
  visible_ = true;
  std::fprintf(stderr, "\r\033[K%s", Line(done, note, seconds).c_str());
  std::fflush(stderr);
}

std::string ProgressBar::Line(double done, const std::string& note,
                              double seconds) const {
  std::string line;
  const auto total = static_cast<double>(total_);
  if (total_ > 0) {
    const double part = std::clamp(done / total, 0.0, 1.0);
    const auto full = static_cast<size_t>(part * kBarWidth);
    line = "[" + std::string(full, '#') + std::string(kBarWidth - full, '.') +
           "] ";
  }
  line += std::to_string(static_cast<uint64_t>(std::max(done, 0.0)));
  if (total_ > 0) line += "/" + std::to_string(total_);
  line += " " + unit_ + ", " + Clocked(seconds);
  if (total_ > 0 && done > 0)
    line += ", " + Clocked(seconds * std::max(0.0, total / done - 1)) + " left";
  if (!note.empty()) line += "  " + note;
  return line.substr(0, TerminalColumns() - 1);
}

}  // namespace graphiqa
