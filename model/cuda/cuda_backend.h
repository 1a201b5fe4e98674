// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/cuda/CUDAStream.h>

#include <memory>
#include <string>
#include <vector>

#include "batch_plan.h"
#include "cuda_memory.h"
#include "cuda_network.h"
#include "engine/backend.h"
#include "graph_cache.h"
#include "staging.h"

namespace graphiqa::cuda {

/// The network on one NVIDIA GPU. Views go through page-locked memory in one
/// copy, are preprocessed by a kernel and scored by a captured graph; while the
/// device computes one batch, the next one is packed. May be made in one thread
/// and used in another.
class CudaBackend : public Backend {
 public:
  /// Warms up with one view and with the largest batch that fits.
  /// @param device     index, within the number of devices; must be current
  /// @param precision  kAuto is bf16 where the device has it (compute
  ///   capability 8.0), else fp32
  /// @param max_batch  most views in one pass, 0 = auto
  /// @throws Error(kDevice) when the device lacks the precision, fails or has
  /// no
  ///   memory for one view; Error(kUsage) for an unknown network
  CudaBackend(const Model& model, int device, Precision precision,
              int max_batch);
  ~CudaBackend() override;

  std::vector<HeadValues> Run(
      const std::vector<const ViewPixels*>& views) override;

  std::string device() const override;
  Precision precision() const override { return precision_; }
  int preferred_batch() const override;

 private:
  void WarmUp();
  void QueueAll(const std::vector<const ViewPixels*>& views);
  void QueueBatch(const std::vector<const ViewPixels*>& views, size_t first,
                  size_t count);
  void HalveBatch(size_t count, const char* reason);
  void Settle() noexcept;
  std::vector<HeadValues> Unpack(size_t count) const;
  [[noreturn]] void Rethrow() const;

  // Graphs and tensors must go before the stream they belong to.
  const int device_;
  const Precision precision_;
  const size_t values_;  ///< floats per view that come back
  StreamLease lease_;
  c10::cuda::CUDAStream stream_;
  BatchPlan batches_;
  Event done_;
  PinnedBuffer results_;
  Staging staging_;
  std::unique_ptr<CudaNetwork> network_;
  at::Tensor batch_;  ///< [most,3,S,S], what the graphs read
  std::unique_ptr<GraphCache> graphs_;
};

}  // namespace graphiqa::cuda
