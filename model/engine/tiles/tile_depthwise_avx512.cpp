// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Compiled for AVX-512: nothing here may run before VectorsAvailable() was
// asked.
#include <immintrin.h>

#include "tile_conv.h"
#include "tile_depthwise.h"
#include "tile_rows.h"

namespace graphiqa {
namespace {

constexpr int kLanes = 16;

/// 32 channels as float: of bfloat16 the even ones and the odd ones.
struct Pair {
  __m512 even, odd;
};

inline Pair Apart(__m512i bits) {
  return {
      _mm512_castsi512_ps(_mm512_slli_epi32(bits, 16)),
      _mm512_castsi512_ps(_mm512_and_si512(bits, _mm512_set1_epi32(-65536)))};
}

/// Rounded to nearest even, back in the order of the channels.
inline __m512i Together(const Pair& pair) {
  const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11,
                                         26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21,
                                         5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
  return _mm512_permutexvar_epi16(
      order, (__m512i)_mm512_cvtne2ps_pbh(pair.odd, pair.even));
}

inline __mmask32 MaskOf(int channels, int first) {
  const int count = std::min(kBlockChannels, channels - first);
  return 0xffffffffu >> (kBlockChannels - count);
}

inline Pair Load(__mmask32 mask, const Bits16* from) {
  return Apart(_mm512_maskz_loadu_epi16(mask, from));
}

inline void Store(const Pair& pair, __mmask32 mask, Bits16* to) {
  _mm512_mask_storeu_epi16(to, mask, Together(pair));
}

/// Of floats: the first 16 channels, and the others.
inline Pair Load(__mmask32 mask, const float* from) {
  return {_mm512_maskz_loadu_ps(static_cast<__mmask16>(mask), from),
          _mm512_maskz_loadu_ps(static_cast<__mmask16>(mask >> kLanes),
                                from + kLanes)};
}

inline void Store(const Pair& pair, __mmask32 mask, float* to) {
  _mm512_mask_storeu_ps(to, static_cast<__mmask16>(mask), pair.even);
  _mm512_mask_storeu_ps(to + kLanes, static_cast<__mmask16>(mask >> kLanes),
                        pair.odd);
}

/// Pixels of one row and block of channels, `Pixels` at a time: every input is
/// loaded and taken apart once for all results that it reaches.
template <typename Value, int Kernel, int Stride>
class DepthwiseRow {
 public:
  DepthwiseRow(const TileDepthwise& d, int block)
      : channels_(d.in.channels),
        row_(d.in.RowValues()),
        weight_(d.weight.data() +
                static_cast<int64_t>(block) * Kernel * Kernel * kBlockChannels),
        bias_{_mm512_loadu_ps(d.bias.data() + block * kBlockChannels),
              _mm512_loadu_ps(d.bias.data() + block * kBlockChannels + kLanes)},
        low_(_mm512_set1_ps(d.low)),
        high_(_mm512_set1_ps(d.high)),
        mask_(MaskOf(d.in.channels, block * kBlockChannels)) {}

  void Run(const Value* in, Value* out, int width) const {
    constexpr int kPixels = 4;
    int x = 0;
    for (; x + kPixels <= width; x += kPixels) {
      Pixels<kPixels>(in, out);
      in += kPixels * Stride * channels_;
      out += kPixels * channels_;
    }
    for (; x < width; ++x) {
      Pixels<1>(in, out);
      in += Stride * channels_;
      out += channels_;
    }
  }

 private:
  template <int Count>
  void Pixels(const Value* in, Value* out) const {
    Pair sums[Count];
    for (Pair& sum : sums) sum = bias_;
    for (int y = 0; y < Kernel; ++y) {
      const Value* const row = in + y * row_;
      const float* const weight = weight_ + y * Kernel * kBlockChannels;
#pragma GCC unroll 16
      for (int x = 0; x < (Count - 1) * Stride + Kernel; ++x) {
        const Pair input = Load(mask_, row + x * channels_);
#pragma GCC unroll 4
        for (int i = 0; i < Count; ++i) {
          const int tap = x - i * Stride;
          if (tap < 0 || tap >= Kernel) continue;
          const float* const w = weight + tap * kBlockChannels;
          sums[i].even =
              _mm512_fmadd_ps(input.even, _mm512_loadu_ps(w), sums[i].even);
          sums[i].odd = _mm512_fmadd_ps(input.odd, _mm512_loadu_ps(w + kLanes),
                                        sums[i].odd);
        }
      }
    }
    for (int i = 0; i < Count; ++i) Write(sums[i], out + i * channels_);
  }

  void Write(Pair sum, Value* out) const {
    // A NaN as second operand passes.
    sum.even = _mm512_min_ps(high_, _mm512_max_ps(low_, sum.even));
    sum.odd = _mm512_min_ps(high_, _mm512_max_ps(low_, sum.odd));
    Store(sum, mask_, out);
  }

  const int64_t channels_, row_;
  const float* const weight_;
  const Pair bias_;
  const __m512 low_, high_;
  const __mmask32 mask_;
};

template <typename Value, int Kernel, int Stride>
void RunStrip(const TileDepthwise& d, const Value* in, Value* out,
              const Strip& strip) {
  for (int block = 0; block < d.Blocks(); ++block) {
    const DepthwiseRow<Value, Kernel, Stride> row(d, block);
    const int channel = block * kBlockChannels;
    for (int y = strip.first; y < strip.end; ++y) {
      row.Run(
          in + channel + d.in.Offset(y * Stride - d.window.top, -d.window.left),
          out + channel + d.out.Offset(y, 0), d.out.width);
    }
  }
}

template <typename Value>
using StripFunction = void (*)(const TileDepthwise&, const Value*, Value*,
                               const Strip&);

template <typename Value>
StripFunction<Value> FindStripFunction(const Window& window) {
  switch (window.width * 10 + window.stride_x) {
    case 31:
      return RunStrip<Value, 3, 1>;
    case 32:
      return RunStrip<Value, 3, 2>;
    case 51:
      return RunStrip<Value, 5, 1>;
    default:
      return RunStrip<Value, 5, 2>;
  }
}

/// Values that are not negative are ordered as their bits are.
inline __m512i LargerBits(__m512i most, __mmask32 mask, const Bits16* from) {
  return _mm512_max_epu16(most, _mm512_maskz_loadu_epi16(mask, from));
}
inline __m512i LargerBits(__m512i most, __mmask32 mask, const float* from) {
  return _mm512_max_epu32(
      most, _mm512_maskz_loadu_epi32(static_cast<__mmask16>(mask), from));
}

inline void StoreBits(__m512i bits, __mmask32 mask, Bits16* to) {
  _mm512_mask_storeu_epi16(to, mask, bits);
}
inline void StoreBits(__m512i bits, __mmask32 mask, float* to) {
  _mm512_mask_storeu_epi32(to, static_cast<__mmask16>(mask), bits);
}

template <typename Value>
void MaximumOfStrip(const TileMaximum& m, const Value* in, Value* out,
                    const Strip& strip) {
  constexpr int kRegister = kLanes * kTaken<Value>;
  const Window& w = m.window;
  const int channels = m.in.channels;
  for (int y = strip.first; y < strip.end; ++y) {
    for (int x = 0; x < m.out.width; ++x) {
      const Value* const from =
          in + m.in.Offset(y * w.stride_y - w.top, x * w.stride_x - w.left);
      Value* const to = out + m.out.Offset(y, x);
      for (int c = 0; c < channels; c += kRegister) {
        const __mmask32 mask = MaskOf(channels, c);
        __m512i most = _mm512_setzero_si512();
        for (int i = 0; i < w.height; ++i) {
          for (int j = 0; j < w.width; ++j) {
            most = LargerBits(most, mask,
                              from + i * m.in.RowValues() + j * channels + c);
          }
        }
        StoreBits(most, mask, to + c);
      }
    }
  }
}

}  // namespace

template <typename Value>
void RunDepthwiseAvx512(const TileDepthwise& d, const Value* in, Value* out,
                        int first_task, int end_task) {
  const StripFunction<Value> run = FindStripFunction<Value>(d.window);
  for (int task = first_task; task < end_task; ++task) {
    const Strip strip = StripOf(d.out, task);
    run(d, in + strip.picture * d.in.Values(),
        out + strip.picture * d.out.Values(), strip);
  }
}

template <typename Value>
void RunMaximumAvx512(const TileMaximum& m, const Value* in, Value* out,
                      int first_task, int end_task) {
  for (int task = first_task; task < end_task; ++task) {
    const Strip strip = StripOf(m.out, task);
    MaximumOfStrip(m, in + strip.picture * m.in.Values(),
                   out + strip.picture * m.out.Values(), strip);
  }
}

template void RunDepthwiseAvx512(const TileDepthwise&, const Bits16*, Bits16*,
                                 int, int);
template void RunDepthwiseAvx512(const TileDepthwise&, const float*, float*,
                                 int, int);
template void RunMaximumAvx512(const TileMaximum&, const Bits16*, Bits16*, int,
                               int);
template void RunMaximumAvx512(const TileMaximum&, const float*, float*, int,
                               int);

}  // namespace graphiqa
