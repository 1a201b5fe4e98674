// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "cuda_memory.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <vector>

#include "cuda_check.h"

namespace graphiqa::cuda {
namespace {

struct IdleStreams {
  std::mutex mutex;
  std::map<int, std::vector<cudaStream_t>> of_device;
};

/// Never destroyed: at exit the driver may be gone already.
IdleStreams& TheIdleStreams() {
  static auto* streams = new IdleStreams;
  return *streams;
}

}  // namespace

PinnedBuffer::~PinnedBuffer() {
  if (data_ != nullptr) (void)cudaFreeHost(data_);
}

void PinnedBuffer::Reserve(size_t bytes) {
  if (bytes <= size_) return;
  if (data_ != nullptr) GRAPHIQA_CUDA_CHECK(cudaFreeHost(data_));
  data_ = nullptr;
  size_ = 0;
  // Grown by half, so that slowly growing pictures do not lock memory anew
  // each time.
  const size_t wanted = bytes + bytes / 2;
  void* memory = nullptr;
  GRAPHIQA_CUDA_CHECK(cudaHostAlloc(&memory, wanted, cudaHostAllocDefault));
  data_ = static_cast<uint8_t*>(memory);
  size_ = wanted;
}

Event::Event() {
  GRAPHIQA_CUDA_CHECK(cudaEventCreateWithFlags(
      &event_, cudaEventDisableTiming | cudaEventBlockingSync));
}

Event::~Event() { (void)cudaEventDestroy(event_); }

void Event::Record(cudaStream_t stream) {
  GRAPHIQA_CUDA_CHECK(cudaEventRecord(event_, stream));
}

void Event::Wait() { GRAPHIQA_CUDA_CHECK(cudaEventSynchronize(event_)); }

StreamLease::StreamLease(int device) : device_(device) {
  IdleStreams& idle = TheIdleStreams();
  const std::lock_guard<std::mutex> lock(idle.mutex);
  std::vector<cudaStream_t>& streams = idle.of_device[device];
  if (streams.empty()) {
    GRAPHIQA_CUDA_CHECK(
        cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking));
    return;
  }
  stream_ = streams.back();
  streams.pop_back();
}

StreamLease::~StreamLease() {
  IdleStreams& idle = TheIdleStreams();
  const std::lock_guard<std::mutex> lock(idle.mutex);
  idle.of_device[device_].push_back(stream_);
}

}  // namespace graphiqa::cuda
