// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/shard.h"

namespace graphiqa {

/// Whether this is SCHEME://… and not the name of a file.
bool IsUri(const std::string& name);

/// Lists the files to score: a file or URI stands for itself, a folder for
/// the images and videos in it and below, by their extension, sorted by name.
/// Links to folders are not followed.
/// @param complain  called with name and reason for each folder that holds
///                  nothing or cannot be read
std::vector<std::string> ExpandInputs(
    const std::vector<std::string>& arguments,
    const std::function<void(const std::string& folder,
                             const std::string& reason)>& complain);

/// Most parts that --shard takes.
inline constexpr uint32_t kMostShards = 100000;

/// Keeps the files of this shard, by their names.
void KeepShard(const Shard& shard, std::vector<std::string>* files);

/// The text without the user names and passwords of URIs in it.
std::string HideCredentials(const std::string& text);

}  // namespace graphiqa
