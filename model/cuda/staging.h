// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <utility>
#include <vector>

#include "cuda_memory.h"
#include "filter_table.h"
#include "format/model_info.h"
#include "kernels.h"
#include "scorer.h"

namespace graphiqa::cuda {

/// Brings views to the device and turns them into the network's input: packed
/// into page-locked memory, one copy, one kernel. Two buffers, so that packing
/// a batch overlaps with computing the one before.
class Staging {
 public:
  /// @param device  index; must be current in all calls
  Staging(const InputInfo& input, int device);

  /// Most bytes of pixels in one batch; a larger view comes alone.
  static constexpr size_t kMostBytes = size_t{256} << 20;

  /// How many of views [first, last) fit into one batch, at least 1.
  static size_t CountFitting(const std::vector<const ViewPixels*>& views,
                             size_t first, size_t last);

  /// Queues copy and kernel on the current stream, which must be `stream`, and
  /// returns; the views may go then.
  /// @param first,count  which of `views`
  /// @param batch        [>= count,3,S,S] channels-last, written
  /// @throws Error(kUsage) when pixels do not fit their view; Error(kDevice);
  ///   c10::OutOfMemoryError
  void Load(const std::vector<const ViewPixels*>& views, size_t first,
            size_t count, cudaStream_t stream, at::Tensor* batch);

 private:
  struct Slot {
    PinnedBuffer host;
    at::Tensor device;
    Event copied;
  };

  const FilterTable& Table(int length);
  size_t PlanLayout(const std::vector<const ViewPixels*>& views, size_t first,
                    size_t count);
  void Pack(const std::vector<const ViewPixels*>& views, size_t first,
            uint8_t* memory);

  const int size_;
  const int device_;
  Normalisation normalisation_;
  Slot slots_[2];
  int next_ = 0;
  std::map<int, FilterTable> tables_;        ///< by length of the source's side
  std::vector<ViewDescriptor> descriptors_;  ///< of the batch being packed
  std::map<int, int64_t> placed_;  ///< tables of that batch: length, offset
};

}  // namespace graphiqa::cuda
