// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "shard.h"

#include <charconv>

#include "error.h"

namespace graphiqa {
namespace {

/// FNV-1a, then the finisher of MurmurHash3: names differ by a digit at the
/// end, and their remainders should not.
uint64_t Hash(const std::string& text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
  return hash ^ (hash >> 33);
}

}  // namespace

Shard ParseShard(const std::string& text, uint32_t most) {
  Shard shard;
  const char* end = text.data() + text.size();
  const auto index = std::from_chars(text.data(), end, shard.index);
  if (index.ec == std::errc() && index.ptr != end && *index.ptr == '/') {
    const auto count = std::from_chars(index.ptr + 1, end, shard.count);
    if (count.ec == std::errc() && count.ptr == end &&
        shard.index < shard.count && shard.count <= most) {
      return shard;
    }
  }
  throw Error(ErrorCode::kUsage,
              "--shard takes I/N with 0 <= I < N <= " + std::to_string(most) +
                  ", not '" + text + "'");
}

bool InShard(const Shard& shard, const std::string& name) {
  return Hash(name) % shard.count == shard.index;
}

}  // namespace graphiqa
