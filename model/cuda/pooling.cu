// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Means and standard deviations over the pixels of a map.
#include <type_traits>

#include "element.cuh"

namespace graphiqa::cuda {
namespace {

constexpr int kLanes = 32;  // channels of a block: neighbouring in memory
constexpr int kRows = 32;   // threads that share the pixels of one channel

/// Sum over the block's rows; all threads of a lane get the same bits.
__device__ float SumRows(float value, float (*partial)[kLanes]) {
  __syncthreads();
  partial[threadIdx.y][threadIdx.x] = value;
  for (int half = kRows / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.y < half) {
      partial[threadIdx.y][threadIdx.x] +=
          partial[threadIdx.y + half][threadIdx.x];
    }
  }
  __syncthreads();
  return partial[0][threadIdx.x];
}

template <typename T>
__global__ void PoolKernel(PoolArguments a, const T* map, float* features) {
  __shared__ float partial[kRows][kLanes];
  const int channel = static_cast<int>(blockIdx.x) * kLanes + threadIdx.x;
  const bool inside = channel < a.channels;
  const T* pixels =
      map + static_cast<int64_t>(blockIdx.y) * a.pixels * a.channels + channel;
  float sum = 0;
  for (int p = threadIdx.y; inside && p < a.pixels; p += kRows) {
    sum += ToFloat(pixels[static_cast<int64_t>(p) * a.channels]);
  }
  const float mean = SumRows(sum, partial) / static_cast<float>(a.pixels);
  float* out = features + static_cast<int64_t>(blockIdx.y) * a.stride + channel;
  const bool writes = inside && threadIdx.y == 0;
  if (writes) out[0] = mean;
  if (!a.deviation) return;
  float squares = 0;
  for (int p = threadIdx.y; inside && p < a.pixels; p += kRows) {
    const float away =
        ToFloat(pixels[static_cast<int64_t>(p) * a.channels]) - mean;
    squares += away * away;
  }
  const float variance =
      SumRows(squares, partial) / static_cast<float>(a.pixels);
  if (writes) out[a.channels] = sqrtf(variance);
}

}  // namespace

cudaError_t PoolMap(const PoolArguments& a, Element element, const void* map,
                    float* features, cudaStream_t stream) {
  const dim3 grid(Blocks(a.channels, kLanes), static_cast<unsigned>(a.images));
  const dim3 block(kLanes, kRows);
  WithElement(element, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    PoolKernel<T>
        <<<grid, block, 0, stream>>>(a, static_cast<const T*>(map), features);
  });
  return cudaGetLastError();
}

}  // namespace graphiqa::cuda
