// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/backend.h"

namespace graphiqa {

/// What the test and a FakeBackend say to each other; may outlive it.
struct FakeControl {
  std::mutex mutex;
  std::condition_variable changed;
  bool open = true;                      ///< passes wait while false
  int waiting = 0;                       ///< passes that wait
  std::vector<size_t> passes;            ///< views of each pass, in order
  std::atomic<size_t> memory{SIZE_MAX};  ///< views of a pass that fit into it

  void Close() {
    const std::lock_guard<std::mutex> lock(mutex);
    open = false;
  }

  void Open() {
    const std::lock_guard<std::mutex> lock(mutex);
    open = true;
    changed.notify_all();
  }

  /// Until a pass has begun and waits for Open().
  void AwaitPass() {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [this] { return waiting > 0; });
  }

  std::vector<size_t> Passes() {
    const std::lock_guard<std::mutex> lock(mutex);
    return passes;
  }
};

/// The first byte of a view that the fake fails on.
inline constexpr uint8_t kBadPixel = 255;

/// A backend without a network: mu is the view's first byte, s a hundredth of
/// it, level a tenth, and type `byte % 3` has the largest logit.
class FakeBackend : public Backend {
 public:
  explicit FakeBackend(std::shared_ptr<FakeControl> control)
      : control_(std::move(control)) {}

  std::vector<HeadValues> Run(
      const std::vector<const ViewPixels*>& views) override {
    Pass(views.size());
    if (views.size() > control_->memory) {
      throw Error(ErrorCode::kDevice, "the fake is out of memory");
    }
    std::vector<HeadValues> all;
    for (const ViewPixels* view : views) {
      const uint8_t byte = view->rgb.at(0);
      if (byte == kBadPixel) {
        throw Error(ErrorCode::kNumeric, "the fake met a bad pixel");
      }
      const float value = static_cast<float>(byte);
      HeadValues values{value, value / 100, value / 10, {0, 0, 0}};
      values.type_logits[byte % 3] = 5;
      all.push_back(values);
    }
    return all;
  }

  std::string device() const override { return "fake"; }
  Precision precision() const override { return Precision::kFp32; }
  int preferred_batch() const override { return 4; }

 private:
  void Pass(size_t views) {
    std::unique_lock<std::mutex> lock(control_->mutex);
    control_->passes.push_back(views);
    ++control_->waiting;
    control_->changed.notify_all();
    control_->changed.wait(lock, [this] { return control_->open; });
    --control_->waiting;
  }

  const std::shared_ptr<FakeControl> control_;
};

/// A picture of `count` views of 1x1 pixels; the first byte of view i is
/// `first + i`.
inline std::vector<ViewPixels> FakeViews(int first, size_t count = 1) {
  std::vector<ViewPixels> views;
  for (size_t i = 0; i < count; ++i) {
    const auto byte = static_cast<uint8_t>(first + static_cast<int>(i));
    views.push_back({{ViewKind::kNative, static_cast<int>(i), 0, 1, 1},
                     {byte, byte, byte}});
  }
  return views;
}

}  // namespace graphiqa
