// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace graphiqa {

/// One of `count` parts of a list of things with names.
struct Shard {
  uint32_t index = 0;  ///< from 0
  uint32_t count = 1;
};

/// Reads "I/N".
/// @throws Error(kUsage) unless 0 <= I < N <= most
Shard ParseShard(const std::string& text, uint32_t most);

/// Whether the thing of this name belongs to the shard. The name alone decides,
/// the same on every machine, so that a list that grows moves nothing else.
bool InShard(const Shard& shard, const std::string& name);

}  // namespace graphiqa
