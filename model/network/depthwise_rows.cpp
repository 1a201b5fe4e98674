// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "depthwise_rows.h"

#include <cstring>

#include "clones.h"

namespace graphiqa {
namespace {

constexpr int64_t kLanes = 16;

/// Channels that are computed at once: one register of AVX-512, two of AVX2.
typedef float Lanes __attribute__((vector_size(kLanes * sizeof(float))));

// By reference: passing such vectors by value has no stable calling convention.
GRAPHIQA_INLINE void Get(const float* from, Lanes* to) {
  std::memcpy(to, from, sizeof *to);
}

GRAPHIQA_INLINE void Put(const Lanes& from, float* to) {
  std::memcpy(to, &from, sizeof from);
}

GRAPHIQA_INLINE void AddTo(const Lanes& from, float* to) {
  Lanes sum;
  Get(to, &sum);
  sum += from;
  Put(sum, to);
}

/// The rows for one block of channels. The K inputs under the kernel and what
/// is added to their gradients stay in registers while the kernel moves on.
template <int K, int S>
GRAPHIQA_INLINE void MeetBlock(const DepthwiseRows& r, int64_t first) {
  Lanes taps[K], taps_sum[K], inputs[K], sums[K];
  for (int k = 0; k < K; ++k) {
    Get(r.taps + k * r.channels + first, &taps[k]);
    Get(r.taps_gradient + k * r.channels + first, &taps_sum[k]);
  }
  const float* input = r.input + first;
  float* input_gradient = r.input_gradient + first;
  const float* gradient = r.gradient + first;
  for (int k = 0; k < K - S; ++k) {
    Get(input + k * r.channels, &inputs[k]);
    sums[k] = Lanes{};
  }
  for (int64_t x = 0; x < r.width; ++x) {
    for (int k = K - S; k < K; ++k) {
      Get(input + k * r.channels, &inputs[k]);
      sums[k] = Lanes{};
    }
    Lanes g;
    Get(gradient, &g);
    for (int k = 0; k < K; ++k) {
      taps_sum[k] += g * inputs[k];
      sums[k] += g * taps[k];
    }
    for (int k = 0; k < S; ++k) AddTo(sums[k], input_gradient + k * r.channels);
    for (int k = 0; k < K - S; ++k) {
      inputs[k] = inputs[k + S];
      sums[k] = sums[k + S];
    }
    gradient += r.channels;
    input += S * r.channels;
    input_gradient += S * r.channels;
  }
  for (int k = 0; k < K - S; ++k) {
    AddTo(sums[k], input_gradient + k * r.channels);
  }
  for (int k = 0; k < K; ++k) {
    Put(taps_sum[k], r.taps_gradient + k * r.channels + first);
  }
}

/// Whole blocks of channels of the kernels that networks have.
/// @returns channels done
GRAPHIQA_CLONES int64_t MeetBlocks(const DepthwiseRows& r) {
  const int64_t end = r.channels / kLanes * kLanes;
  const int64_t kind = r.kernel * 10 + r.stride;
  if (kind != 31 && kind != 32 && kind != 51 && kind != 52) return 0;
  for (int64_t first = 0; first < end; first += kLanes) {
    switch (kind) {
      case 31:
        MeetBlock<3, 1>(r, first);
        break;
      case 32:
        MeetBlock<3, 2>(r, first);
        break;
      case 51:
        MeetBlock<5, 1>(r, first);
        break;
      default:
        MeetBlock<5, 2>(r, first);
        break;
    }
  }
  return end;
}

/// Any kernel, channels from `first` on.
void MeetRest(const DepthwiseRows& r, int64_t first) {
  for (int64_t x = 0; x < r.width; ++x) {
    const float* g = r.gradient + x * r.channels;
    for (int64_t k = 0; k < r.kernel; ++k) {
      const int64_t at = (x * r.stride + k) * r.channels;
      for (int64_t c = first; c < r.channels; ++c) {
        r.input_gradient[at + c] += g[c] * r.taps[k * r.channels + c];
        r.taps_gradient[k * r.channels + c] += g[c] * r.input[at + c];
      }
    }
  }
}

}  // namespace

void MeetRows(const DepthwiseRows& rows) {
  const int64_t done = MeetBlocks(rows);
  if (done < rows.channels) MeetRest(rows, done);
}

GRAPHIQA_CLONES void AddRow(const float* __restrict row, int64_t width,
                            int64_t channels, float* __restrict sum) {
  for (int64_t x = 0; x < width; ++x) {
    const float* __restrict values = row + x * channels;
    for (int64_t i = 0; i < channels; ++i) sum[i] += values[i];
  }
}

}  // namespace graphiqa
