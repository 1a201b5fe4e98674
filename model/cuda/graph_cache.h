// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/cuda/CUDAGraph.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

namespace graphiqa::cuda {

/// Captured CUDA graphs of one computation, one per batch size. They share a
/// memory pool, so they must be replayed one at a time on one stream, and an
/// output is good until the next replay.
class GraphCache {
 public:
  /// Computes on the current stream without waiting for the device; reads
  /// memory that stays where it is.
  /// @param size  of the batch
  using Compute = std::function<at::Tensor(int64_t size)>;

  explicit GraphCache(Compute compute);

  /// Queues the computation for a batch of `size` on the current stream; the
  /// first time runs it, to let libraries choose their kernels, and captures
  /// it.
  /// @returns the result's tensor, always the same for one size
  /// @throws c10::OutOfMemoryError and other c10::Error; the sizes that were
  ///   captured before stay usable after the former
  const at::Tensor& Replay(int64_t size);

  /// Forgets the graphs of batches larger than `size`. The stream must be
  /// idle.
  void DropAbove(int64_t size);

 private:
  struct Captured {
    at::Tensor output;
    at::cuda::CUDAGraph graph;
  };

  std::unique_ptr<Captured> Capture(int64_t size);

  Compute compute_;
  at::cuda::MempoolId_t pool_;
  std::map<int64_t, std::unique_ptr<Captured>> graphs_;
};

}  // namespace graphiqa::cuda
