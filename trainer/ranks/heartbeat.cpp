// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "ranks/heartbeat.h"

#include <chrono>
#include <exception>
#include <torch/csrc/distributed/c10d/Store.hpp>
#include <utility>

namespace graphiqa {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPause{500};
constexpr std::chrono::seconds kWatch{3};
constexpr std::chrono::seconds kAnswer{10};  // of the store
constexpr std::chrono::seconds kPatience{15};
constexpr const char* kTold = "told";

std::string KeyOf(int rank) { return "beat/" + std::to_string(rank); }

}  // namespace

Heartbeat::Heartbeat(c10::intrusive_ptr<c10d::Store> store, int rank, int size)
    : store_(std::move(store)), rank_(rank), size_(size) {
  store_->setTimeout(kAnswer);
  thread_ = std::thread([this] { Beat(); });
}

Heartbeat::~Heartbeat() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Heartbeat::Beat() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!ends_) {
    try {
      store_->add(KeyOf(rank_), 1);
    } catch (const std::exception&) {
      return;  // the store is gone, as it is when a run ends
    }
    changed_.wait_for(lock, kPause, [this] { return ends_; });
  }
}

std::vector<int64_t> Heartbeat::Counts() const {
  std::vector<int64_t> counts;
  for (int rank = 0; rank < size_; ++rank) {
    counts.push_back(store_->add(KeyOf(rank), 0));
  }
  return counts;
}

std::vector<int> Heartbeat::Stopped() {
  try {
    const std::vector<int64_t> before = Counts();
    std::this_thread::sleep_for(kWatch);
    const std::vector<int64_t> after = Counts();
    std::vector<int> stopped;
    for (size_t i = 0; i < after.size(); ++i) {
      if (after[i] == before[i]) stopped.push_back(static_cast<int>(i));
    }
    store_->add(kTold, 1);
    if (rank_ == 0) LeaveLast(stopped.size());
    return stopped;
  } catch (const std::exception&) {
    return {0};
  }
}

/// The store goes with rank 0, and the others want to know too.
void Heartbeat::LeaveLast(size_t stopped) const {
  const auto expected =
      static_cast<int64_t>(size_) - static_cast<int64_t>(stopped);
  const auto until = Clock::now() + kPatience;
  while (store_->add(kTold, 0) < expected && Clock::now() < until) {
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace graphiqa
