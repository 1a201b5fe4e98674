// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace graphiqa {

/// The number with so many decimals and a point in every locale.
std::string FixedNumber(double value, int decimals);

/// The number of a count with thin spaces between groups of three digits.
std::string GroupedNumber(unsigned long long value);

/// A time as 1:02.5, or as 1:02:03.5 from an hour on.
/// @param seconds   >= 0
/// @param decimals  of the seconds
std::string ClockTime(double seconds, int decimals);

}  // namespace graphiqa
