// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "program/number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace graphiqa {
namespace {

std::string TwoDigits(long long value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

}  // namespace

std::string FixedNumber(double value, int decimals) {
  std::array<char, 400> text;  // the longest double has 309 digits
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 std::chars_format::fixed, decimals);
  return {text.data(), end.ptr};
}

std::string GroupedNumber(unsigned long long value) {
  std::string digits = std::to_string(value);
  for (size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, "\u2009");
  }
  return digits;
}

std::string ClockTime(double seconds, int decimals) {
  // Rounded first, so that 59.96 is 1:00.0 and not 0:60.0.
  const double unit = std::pow(10, decimals);
  const double ticks = std::round(std::max(seconds, 0.0) * unit);
  const auto whole = static_cast<long long>(std::floor(ticks / unit));
  const double rest = std::max(0.0, ticks / unit - static_cast<double>(whole));
  std::string text = whole >= 3600 ? std::to_string(whole / 3600) + ":" +
                                         TwoDigits(whole / 60 % 60)
                                   : std::to_string(whole / 60);
  text += ":" + TwoDigits(whole % 60);
  return decimals > 0 ? text + FixedNumber(rest, decimals).substr(1) : text;
}

}  // namespace graphiqa
