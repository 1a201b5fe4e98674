// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "store/database.h"

namespace graphiqa {

/// An event that waits for an output.
struct Spooled {
  int64_t number = 0;  ///< grows with time
  std::string id;      ///< of the event, for the receiver to know it again
  std::string channel;
  std::string body;  ///< JSON
};

/// Events on disk until their output has taken them: a queue per output, of
/// bounded length. A full one loses its oldest event, which is counted.
class Spool {
 public:
  Spool(Database* database, int64_t limit);

  void set_limit(int64_t limit) { limit_ = limit; }

  /// @returns how many older events had to go for it
  int64_t Add(const std::string& output, const Spooled& event);
  std::optional<Spooled> Oldest(const std::string& output);
  void Remove(int64_t number);
  int64_t Waiting(const std::string& output);

  /// Forgets events older than this of outputs that nobody serves any more.
  void Prune(double unix_time);

 private:
  Database* const database_;
  int64_t limit_;
};

}  // namespace graphiqa
