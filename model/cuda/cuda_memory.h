// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Owners of what the CUDA runtime hands out. All want the right device to be
/// current when they are made and used.
#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

namespace graphiqa::cuda {

/// Page-locked host memory, the only kind that copies really go along with
/// computing. Contents are lost when it grows.
class PinnedBuffer {
 public:
  PinnedBuffer() = default;
  ~PinnedBuffer();
  PinnedBuffer(const PinnedBuffer&) = delete;
  PinnedBuffer& operator=(const PinnedBuffer&) = delete;

  /// Makes room for `bytes`. No copy may be under way.
  /// @throws Error(kDevice) when the host has no memory left to lock
  void Reserve(size_t bytes);

  uint8_t* data() const { return data_; }
  size_t size() const { return size_; }

 private:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

/// A point in a stream that a host thread can sleep for.
class Event {
 public:
  Event();
  ~Event();
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  void Record(cudaStream_t stream);
  void Wait();  ///< returns at once when it was never recorded

 private:
  cudaEvent_t event_ = nullptr;
};

/// A stream that nobody else has for as long as this lives. Streams are kept
/// for the next user: LibTorch ties cached memory to them.
class StreamLease {
 public:
  explicit StreamLease(int device);
  ~StreamLease();
  StreamLease(const StreamLease&) = delete;
  StreamLease& operator=(const StreamLease&) = delete;

  cudaStream_t get() const { return stream_; }

 private:
  int device_;
  cudaStream_t stream_ = nullptr;
};

}  // namespace graphiqa::cuda
