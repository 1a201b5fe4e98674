// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// What cuDNN does not do in one pass here: bias, sum and clamp after a
// convolution, and depthwise convolutions with uneven padding. Both are bound
// by memory: one thread moves 16 bytes of neighbouring channels.
#include <type_traits>

#include "element.cuh"

namespace graphiqa::cuda {
namespace {

constexpr int kThreads = 256;

template <typename T, int kCount>
__global__ void EpilogueKernel(EpilogueArguments a, T* y) {
  using Packed = Pack<T, kCount>;
  const int packs = a.channels / kCount;
  const int64_t index =
      static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (index >= a.pixels * packs) return;
  const int channel = static_cast<int>(index % packs) * kCount;
  Packed value = reinterpret_cast<const Packed*>(y)[index];
  Packed other;
  if (a.addend != nullptr) {
    other = static_cast<const Packed*>(a.addend)[index];
  }
  for (int i = 0; i < kCount; ++i) {
    float sum = ToFloat(value.values[i]);
    if (a.bias != nullptr) sum += a.bias[channel + i];
    if (a.addend != nullptr) sum += ToFloat(other.values[i]);
    value.values[i] = FromFloat<T>(Clamp(sum, a.low, a.high));
  }
  reinterpret_cast<Packed*>(y)[index] = value;
}

template <typename T, int kCount>
__global__ void DepthwiseKernel(DepthwiseArguments a, const T* x, T* y) {
  using Packed = Pack<T, kCount>;
  const int packs = a.channels / kCount;
  const int64_t index =
      static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  const int64_t out_pixels = static_cast<int64_t>(a.out_height) * a.out_width;
  if (index >= a.images * out_pixels * packs) return;
  const int pack = static_cast<int>(index % packs);
  const int64_t pixel = index / packs;
  const int out_x = static_cast<int>(pixel % a.out_width);
  const int out_y = static_cast<int>(pixel / a.out_width % a.out_height);
  const int64_t image = pixel / out_pixels;
  float sums[kCount];
  for (int i = 0; i < kCount; ++i) {
    sums[i] = a.bias == nullptr ? 0.0f : a.bias[pack * kCount + i];
  }
  for (int ky = 0; ky < a.kernel_height; ++ky) {
    const int in_y = out_y * a.stride_height - a.pad_top + ky;
    if (in_y < 0 || in_y >= a.height) continue;
    for (int kx = 0; kx < a.kernel_width; ++kx) {
      const int in_x = out_x * a.stride_width - a.pad_left + kx;
      if (in_x < 0 || in_x >= a.width) continue;
      const int64_t from = (image * a.height + in_y) * a.width + in_x;
      const Packed value =
          reinterpret_cast<const Packed*>(x)[from * packs + pack];
      const float* weight =
          a.weight +
          static_cast<int64_t>(ky * a.kernel_width + kx) * a.channels +
          pack * kCount;
      for (int i = 0; i < kCount; ++i) {
        sums[i] += weight[i] * ToFloat(value.values[i]);
      }
    }
  }
  Packed result;
  for (int i = 0; i < kCount; ++i) {
    result.values[i] = FromFloat<T>(Clamp(sums[i], a.low, a.high));
  }
  reinterpret_cast<Packed*>(y)[index] = result;
}

/// Calls `function` with how many channels one thread takes.
template <typename T, typename Function>
void WithWidth(int channels, Function&& function) {
  if (channels % kWide<T> == 0) {
    function(std::integral_constant<int, kWide<T>>());
  } else {
    function(std::integral_constant<int, 1>());
  }
}

}  // namespace

cudaError_t Epilogue(const EpilogueArguments& a, Element element, void* y,
                     cudaStream_t stream) {
  WithElement(element, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    WithWidth<T>(a.channels, [&](auto width) {
      constexpr int kCount = decltype(width)::value;
      const int64_t threads = a.pixels * (a.channels / kCount);
      EpilogueKernel<T, kCount>
          <<<Blocks(threads, kThreads), kThreads, 0, stream>>>(
              a, static_cast<T*>(y));
    });
  });
  return cudaGetLastError();
}

cudaError_t Depthwise(const DepthwiseArguments& a, Element element,
                      const void* x, void* y, cudaStream_t stream) {
  WithElement(element, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    WithWidth<T>(a.channels, [&](auto width) {
      constexpr int kCount = decltype(width)::value;
      const int64_t threads = static_cast<int64_t>(a.images) * a.out_height *
                              a.out_width * (a.channels / kCount);
      DepthwiseKernel<T, kCount>
          <<<Blocks(threads, kThreads), kThreads, 0, stream>>>(
              a, static_cast<const T*>(x), static_cast<T*>(y));
    });
  });
  return cudaGetLastError();
}

}  // namespace graphiqa::cuda
