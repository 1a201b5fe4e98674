// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/util/intrusive_ptr.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace c10d {
class Store;
}

namespace graphiqa {

/// Tells which rank of several is gone. When one dies, the connections of all
/// others break one after the other, and nothing in an error says where it
/// began; so every rank counts up in the store for as long as it lives, however
/// long its own work takes.
class Heartbeat {
 public:
  /// Begins to count.
  /// @param store  shared by the ranks; a connection of its own, since a
  ///   thread uses it
  Heartbeat(c10::intrusive_ptr<c10d::Store> store, int rank, int size);
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

  /// The ranks that no longer count, after some seconds of watching. When the
  /// store is gone, rank 0, which keeps it.
  std::vector<int> Stopped();

 private:
  void Beat();
  std::vector<int64_t> Counts() const;
  void LeaveLast(size_t stopped) const;

  const c10::intrusive_ptr<c10d::Store> store_;
  const int rank_;
  const int size_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace graphiqa
