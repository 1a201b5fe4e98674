// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace graphiqa {

/// Runs `make(i)` for i in [first, count) on threads, keeps at most `depth`
/// finished results, and hands them out in order.
template <typename T>
class OrderedQueue {
 public:
  using Make = std::function<T(size_t)>;

  OrderedQueue(Make make, size_t first, size_t count, int threads, size_t depth)
      : make_(std::move(make)),
        count_(count),
        depth_(std::max<size_t>(depth, 1)),
        next_to_make_(first),
        next_to_take_(first) {
    for (int i = 0; i < std::max(threads, 1); ++i) {
      threads_.emplace_back([this] { Work(); });
    }
  }

  ~OrderedQueue() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      closing_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  OrderedQueue(const OrderedQueue&) = delete;
  OrderedQueue& operator=(const OrderedQueue&) = delete;

  /// Waits for the next result and moves it into `result`.
  /// @returns false after the last one
  /// @throws what make() threw for it
  bool Next(T* result) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (next_to_take_ >= count_) return false;
    changed_.wait(lock, [this] { return ready_.count(next_to_take_) > 0; });
    Slot slot = std::move(ready_[next_to_take_]);
    ready_.erase(next_to_take_++);
    lock.unlock();
    changed_.notify_all();
    if (slot.error) std::rethrow_exception(slot.error);
    *result = std::move(slot.value);
    return true;
  }

 private:
  struct Slot {
    T value;
    std::exception_ptr error;
  };

  void Work() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] {
        return closing_ || next_to_make_ >= count_ ||
               next_to_make_ < next_to_take_ + depth_;
      });
      if (closing_ || next_to_make_ >= count_) return;
      const size_t number = next_to_make_++;
      lock.unlock();
      Slot slot;
      try {
        slot.value = make_(number);
      } catch (...) {
        slot.error = std::current_exception();
      }
      lock.lock();
      ready_[number] = std::move(slot);
      changed_.notify_all();
    }
  }

  const Make make_;
  const size_t count_;
  const size_t depth_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<size_t, Slot> ready_;
  size_t next_to_make_;
  size_t next_to_take_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace graphiqa
