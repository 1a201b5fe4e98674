// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cuda_runtime_api.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace graphiqa::cuda {

/// Why there is no device to test on; empty where there is one.
inline std::string MissingDevice() {
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  if (status != cudaSuccess) return cudaGetErrorString(status);
  return count == 0 ? "the driver reports no device" : "";
}

#define GRAPHIQA_NEED_DEVICE()                                        \
  do {                                                                \
    const std::string graphiqa_why = graphiqa::cuda::MissingDevice(); \
    if (!graphiqa_why.empty()) {                                      \
      GTEST_SKIP() << "no CUDA device: " << graphiqa_why;             \
    }                                                                 \
  } while (false)

/// Memory on the device, filled from bytes of the host.
class DeviceMemory {
 public:
  DeviceMemory(const void* bytes, size_t size) : size_(size) {
    EXPECT_EQ(cudaMalloc(&data_, size), cudaSuccess);
    if (bytes == nullptr) {
      EXPECT_EQ(cudaMemset(data_, 0xEE, size), cudaSuccess);
    } else {
      EXPECT_EQ(cudaMemcpy(data_, bytes, size, cudaMemcpyHostToDevice),
                cudaSuccess);
    }
  }
  ~DeviceMemory() { EXPECT_EQ(cudaFree(data_), cudaSuccess); }
  DeviceMemory(const DeviceMemory&) = delete;
  DeviceMemory& operator=(const DeviceMemory&) = delete;

  template <typename T>
  T* as() const {
    return static_cast<T*>(data_);
  }

  /// Waits for the device.
  void CopyTo(void* bytes) const {
    EXPECT_EQ(cudaMemcpy(bytes, data_, size_, cudaMemcpyDeviceToHost),
              cudaSuccess);
  }

 private:
  void* data_ = nullptr;
  size_t size_;
};

}  // namespace graphiqa::cuda
