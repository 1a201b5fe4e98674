// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Conversions and vector loads shared by the kernels.
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "kernels.h"

namespace graphiqa::cuda {

__device__ inline float ToFloat(float value) { return value; }
__device__ inline float ToFloat(__half value) { return __half2float(value); }
__device__ inline float ToFloat(__nv_bfloat16 value) {
  return __bfloat162float(value);
}

template <typename T>
__device__ inline T FromFloat(float value);
template <>
__device__ inline float FromFloat<float>(float value) {
  return value;
}
template <>
__device__ inline __half FromFloat<__half>(float value) {
  return __float2half_rn(value);
}
template <>
__device__ inline __nv_bfloat16 FromFloat<__nv_bfloat16>(float value) {
  return __float2bfloat16_rn(value);
}

/// Neighbouring channels that move in one load or store.
template <typename T, int kCount>
struct alignas(sizeof(T) * kCount) Pack {
  T values[kCount];
};

/// Channels per 16-byte load.
template <typename T>
constexpr int kWide = 16 / static_cast<int>(sizeof(T));

/// NaN stays NaN, so that a broken network is noticed.
__device__ inline float Clamp(float value, float low, float high) {
  if (value < low) return low;
  return value > high ? high : value;
}

/// Calls `function` with a null pointer to the element's C++ type.
template <typename Function>
void WithElement(Element element, Function&& function) {
  switch (element) {
    case Element::kFloat:
      return function(static_cast<float*>(nullptr));
    case Element::kHalf:
      return function(static_cast<__half*>(nullptr));
    case Element::kBfloat16:
      return function(static_cast<__nv_bfloat16*>(nullptr));
  }
}

inline unsigned Blocks(int64_t items, int per_block) {
  return static_cast<unsigned>((items + per_block - 1) / per_block);
}

}  // namespace graphiqa::cuda
