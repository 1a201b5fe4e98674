// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "program/args.h"

namespace graphiqa {

/// An option with commas between its values: "1,8,64".
/// @throws Error(kUsage) when one is empty
std::vector<std::string> GetList(const Arguments& arguments,
                                 const std::string& name,
                                 const std::string& fallback);

/// @throws Error(kUsage) also when one is no whole number in [lowest, highest]
std::vector<int> GetIntList(const Arguments& arguments, const std::string& name,
                            const std::string& fallback, int lowest,
                            int highest);

/// @throws Error(kUsage) also when one is no name of a precision
std::vector<std::string> GetPrecisions(const Arguments& arguments);

}  // namespace graphiqa
