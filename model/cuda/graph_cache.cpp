// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "graph_cache.h"

#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAStream.h>

#include <mutex>
#include <utility>

#include "cuda_check.h"

namespace graphiqa::cuda {
namespace {

/// cuDNN and cuBLAS choose and load their kernels in the first pass; the
/// second shows that nothing is left to choose.
constexpr int kWarmUps = 2;

/// Captures of all backends go one after the other: LibTorch's allocator and
/// random generators are shared by them.
std::mutex& CaptureMutex() {
  static std::mutex mutex;
  return mutex;
}

/// Between capture_begin() and capture_end(). A capture that is left by an
/// exception is ended all the same: the stream is unusable until then.
class CaptureScope {
 public:
  CaptureScope(at::cuda::CUDAGraph* graph, at::cuda::MempoolId_t pool)
      : graph_(graph) {
    // Other threads (decoders, the trainer) may allocate meanwhile.
    graph_->capture_begin(pool, cudaStreamCaptureModeThreadLocal);
  }

  ~CaptureScope() {
    if (graph_ == nullptr) return;
    try {
      graph_->capture_end();
    } catch (const std::exception&) {
      // The exception under way says what happened first.
      (void)cudaGetLastError();
    }
  }

  CaptureScope(const CaptureScope&) = delete;
  CaptureScope& operator=(const CaptureScope&) = delete;

  void End() { std::exchange(graph_, nullptr)->capture_end(); }

 private:
  at::cuda::CUDAGraph* graph_;
};

}  // namespace

GraphCache::GraphCache(Compute compute)
    : compute_(std::move(compute)), pool_(at::cuda::graph_pool_handle()) {}

/// Warm-up and capture in one thread: LibTorch keeps cuDNN's choices per
/// thread.
std::unique_ptr<GraphCache::Captured> GraphCache::Capture(int64_t size) {
  const std::lock_guard<std::mutex> lock(CaptureMutex());
  for (int i = 0; i < kWarmUps; ++i) compute_(size);
  GRAPHIQA_CUDA_CHECK(cudaStreamSynchronize(c10::cuda::getCurrentCUDAStream()));
  // The pool of the graphs allocates anew: what the warm-up took goes back.
  c10::cuda::CUDACachingAllocator::emptyCache();
  auto captured = std::make_unique<Captured>();
  CaptureScope scope(&captured->graph, pool_);
  captured->output = compute_(size);
  scope.End();
  return captured;
}

const at::Tensor& GraphCache::Replay(int64_t size) {
  std::unique_ptr<Captured>& captured = graphs_[size];
  if (captured == nullptr) {
    try {
      captured = Capture(size);
    } catch (...) {
      graphs_.erase(size);
      throw;
    }
  }
  captured->graph.replay();
  return captured->output;
}

void GraphCache::DropAbove(int64_t size) {
  graphs_.erase(graphs_.upper_bound(size), graphs_.end());
}

}  // namespace graphiqa::cuda
