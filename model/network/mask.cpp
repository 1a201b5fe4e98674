// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "mask.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <cstring>

#include "clones.h"

namespace graphiqa {
namespace {

constexpr int64_t kGrain = 1 << 16;  // values

/// Numbers above 0 are ordered as their bits are; those of 0, of negative
/// numbers and of NaN lie outside of [1, high).
template <typename Bits, typename T>
void MaskTensor(const at::Tensor& gradient, const at::Tensor& y, Bits high,
                at::Tensor* masked) {
  const auto* from =
      reinterpret_cast<const Bits*>(gradient.const_data_ptr<T>());
  const auto* by = reinterpret_cast<const Bits*>(y.const_data_ptr<T>());
  auto* to = reinterpret_cast<Bits*>(masked->mutable_data_ptr<T>());
  at::parallel_for(0, y.numel(), kGrain, [=](int64_t begin, int64_t end) {
    MaskRow(from + begin, by + begin, high, end - begin, to + begin);
  });
}

}  // namespace

// Every gradient is read, wanted or not: a load that depends on a comparison
// keeps the compiler from taking many values at once.
GRAPHIQA_CLONES void MaskRow(const uint16_t* __restrict gradient,
                             const uint16_t* __restrict y, uint16_t high,
                             int64_t count, uint16_t* __restrict masked) {
  const auto room = static_cast<uint16_t>(high - 1);
  for (int64_t i = 0; i < count; ++i) {
    const auto above = static_cast<uint16_t>(y[i] - 1);
    const auto keep = static_cast<uint16_t>(above < room ? 0xffff : 0);
    masked[i] = gradient[i] & keep;
  }
}

GRAPHIQA_CLONES void MaskRow(const uint32_t* __restrict gradient,
                             const uint32_t* __restrict y, uint32_t high,
                             int64_t count, uint32_t* __restrict masked) {
  const uint32_t room = high - 1;
  for (int64_t i = 0; i < count; ++i) {
    const uint32_t keep = y[i] - 1 < room ? ~0u : 0u;
    masked[i] = gradient[i] & keep;
  }
}

uint32_t FloatBits(double bound) {
  const auto value = static_cast<float>(bound);
  uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

uint16_t Bfloat16Bits(double bound) {
  return static_cast<uint16_t>(FloatBits(bound) >> 16);
}

at::Tensor MaskGradient(const at::Tensor& gradient, const at::Tensor& y,
                        const Clamp& clamp) {
  const at::Tensor from = gradient.contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor by = y.contiguous(at::MemoryFormat::ChannelsLast);
  at::Tensor masked = at::empty_like(by);
  if (by.scalar_type() == at::kBFloat16) {
    MaskTensor<uint16_t, c10::BFloat16>(from, by, Bfloat16Bits(clamp.high),
                                        &masked);
  } else {
    MaskTensor<uint32_t, float>(from, by, FloatBits(clamp.high), &masked);
  }
  return masked;
}

}  // namespace graphiqa
