// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "interrupt.h"
#include "program/progress.h"

namespace graphiqa {

bool ForEachParallel(
    size_t count, int jobs, const std::string& unit,
    const std::function<void(size_t)>& work,
    const std::function<void(size_t, const std::string& message)>& failed) {
  ProgressBar bar(count, unit);
  std::atomic<size_t> next{0};
  std::atomic<size_t> done{0};
  std::mutex mutex;
  const auto loop = [&] {
    while (!Interrupted()) {
      const size_t i = next++;
      if (i >= count) return;
      try {
        work(i);
      } catch (const std::exception& error) {
        const std::lock_guard<std::mutex> lock(mutex);
        bar.Clear();
        failed(i, error.what());
      }
      bar.Update(static_cast<double>(++done));
    }
  };
  std::vector<std::thread> threads;
  const size_t wanted = std::min(static_cast<size_t>(std::max(jobs, 1)), count);
  for (size_t i = 1; i < wanted; ++i) threads.emplace_back(loop);
  loop();
  for (std::thread& thread : threads) thread.join();
  return next >= count;
}

}  // namespace graphiqa
