// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace graphiqa {

/// One of `count` parts of a list of files.
struct Shard {
  uint32_t index = 0;  ///< from 0
  uint32_t count = 1;
};

/// Reads "I/N".
/// @throws Error(kUsage) unless 0 <= I < N <= 100,000
Shard ParseShard(const std::string& text);

/// Keeps the files of this shard. A file's name alone decides which one it
/// belongs to, so that a list that grows between runs moves no file to another.
void KeepShard(const Shard& shard, std::vector<std::string>* files);

}  // namespace graphiqa
