// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "augment.h"
#include "format/model_info.h"
#include "picture.h"

namespace graphiqa {

/// A batch of B pictures with V views each, then D worse copies of some.
struct Batch {
  at::Tensor images;               ///< [(B + D) * V, 3, S, S] channels-last
  at::Tensor targets;              ///< [B] float, as given to the loader
  std::vector<int64_t> originals;  ///< D: which of the B a copy is made from
  std::vector<double> strengths;   ///< D, (0, 1]
};

/// What to cut and how.
struct SampleOptions {
  InputInfo input;       ///< normalisation and view size
  ViewPlan views;        ///< of one sample
  bool augment = false;  ///< random places and flips, else PlanViews()
  double degrade = 0;    ///< probability that a picture brings a worse copy
  uint64_t seed = 0;
};

/// Makes a batch. A pure function of its arguments.
/// @param epoch    picks other random views
/// @param indices  pictures, into the cache and `targets`
Batch MakeBatch(PictureCache* pictures, const std::vector<float>& targets,
                const SampleOptions& options, uint64_t epoch,
                const std::vector<size_t>& indices);

/// Runs `make(i)` for i in [first, count) on threads, keeps at most `depth`
/// finished batches, and hands them out in order.
class BatchQueue {
 public:
  using Make = std::function<Batch(size_t)>;

  BatchQueue(Make make, size_t first, size_t count, int threads, size_t depth);
  ~BatchQueue();
  BatchQueue(const BatchQueue&) = delete;
  BatchQueue& operator=(const BatchQueue&) = delete;

  /// Waits for the next batch and moves it into `batch`.
  /// @returns false after the last one
  /// @throws what make() threw for it
  bool Next(Batch* batch);

 private:
  struct Slot {
    Batch batch;
    std::exception_ptr error;
  };
  void Work();

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

/// Consecutive parts of `order`; a last part shorter than `size` is kept only
/// when `keep_rest` or when it is the only one.
std::vector<std::vector<size_t>> Chunks(const std::vector<size_t>& order,
                                        size_t size, bool keep_rest);

}  // namespace graphiqa
