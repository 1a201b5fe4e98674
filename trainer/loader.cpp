// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "loader.h"

#include <ATen/ops/tensor.h>

#include <algorithm>
#include <utility>

#include "network/preprocess.h"

namespace graphiqa {
namespace {

// Streams of random numbers, so that adding one leaves the others alone.
constexpr uint64_t kViewStream = 1;
constexpr uint64_t kDegradeStream = 2;

std::vector<ViewPixels> Cut(const Picture& picture,
                            const std::vector<View>& views, bool flip) {
  std::vector<ViewPixels> pixels =
      CutViews(views, picture.rgb.data(), picture.width, picture.height,
               picture.stride());
  if (flip) FlipViews(&pixels);
  return pixels;
}

void Append(std::vector<ViewPixels> from, std::vector<ViewPixels>* to) {
  std::move(from.begin(), from.end(), std::back_inserter(*to));
}

}  // namespace

Batch MakeBatch(PictureCache* pictures, const std::vector<float>& targets,
                const SampleOptions& options, uint64_t epoch,
                const std::vector<size_t>& indices) {
  Batch batch;
  std::vector<ViewPixels> views;
  std::vector<ViewPixels> worse_views;
  std::vector<float> wanted;
  for (size_t i = 0; i < indices.size(); ++i) {
    const auto picture = pictures->Get(indices[i]);
    Random place{options.seed, epoch, indices[i], kViewStream};
    const bool flip = options.augment && place.Below(2) == 1;
    const std::vector<View> areas =
        options.augment
            ? RandomViews(options.views, picture->width, picture->height,
                          &place)
            : PlanViews(options.views, picture->width, picture->height, 0, 0);
    Append(Cut(*picture, areas, flip), &views);
    wanted.push_back(targets[indices[i]]);
    Random random{options.seed, epoch, indices[i], kDegradeStream};
    if (random.Unit() >= options.degrade) continue;
    const auto kind = static_cast<Degradation>(random.Below(kDegradations));
    const double strength = 0.1 + 0.9 * random.Unit();
    Append(Cut(Degrade(*picture, kind, strength, &random), areas, flip),
           &worse_views);
    batch.originals.push_back(static_cast<int64_t>(i));
    batch.strengths.push_back(strength);
  }
  Append(std::move(worse_views), &views);
  batch.images = PreprocessViews(views, options.input);
  batch.targets = at::tensor(wanted);
  return batch;
}

BatchQueue::BatchQueue(Make make, size_t first, size_t count, int threads,
                       size_t depth)
    : make_(std::move(make)),
      count_(count),
      depth_(std::max<size_t>(depth, 1)),
      next_to_make_(first),
      next_to_take_(first) {
  for (int i = 0; i < std::max(threads, 1); ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

BatchQueue::~BatchQueue() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void BatchQueue::Work() {
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
      slot.batch = make_(number);
    } catch (...) {
      slot.error = std::current_exception();
    }
    lock.lock();
    ready_[number] = std::move(slot);
    changed_.notify_all();
  }
}

bool BatchQueue::Next(Batch* batch) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (next_to_take_ >= count_) return false;
  changed_.wait(lock, [this] { return ready_.count(next_to_take_) > 0; });
  Slot slot = std::move(ready_[next_to_take_]);
  ready_.erase(next_to_take_++);
  lock.unlock();
  changed_.notify_all();
  if (slot.error) std::rethrow_exception(slot.error);
  *batch = std::move(slot.batch);
  return true;
}

std::vector<std::vector<size_t>> Chunks(const std::vector<size_t>& order,
                                        size_t size, bool keep_rest) {
  std::vector<std::vector<size_t>> chunks;
  for (size_t begin = 0; begin < order.size(); begin += size) {
    const size_t end = std::min(begin + size, order.size());
    if (end - begin < size && !keep_rest && begin > 0) break;
    chunks.emplace_back(order.begin() + static_cast<std::ptrdiff_t>(begin),
                        order.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return chunks;
}

}  // namespace graphiqa
