// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace graphiqa {

/// What a page says about how it came about: names and values.
using Settings = std::vector<std::pair<std::string, std::string>>;

/// Everything before and behind the page's content. The page may load nothing
/// and run no script but its own, which a content security policy says.
/// @param subtitle  one line under the heading
std::string PageStart(const std::string& title, const std::string& subtitle);
std::string PageEnd();

/// The settings, and what the numbers mean.
std::string DrawSettings(const Settings& settings);

}  // namespace graphiqa
