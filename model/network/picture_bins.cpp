// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "clones.h"
#include "picture_planes.h"
#include "picture_sums.h"

namespace graphiqa {
namespace {

/// Both bins in a number, so that they are counted at once.
constexpr int kMixedBins = kLumaBins * kChromaBins;

GRAPHIQA_CLONES void ToBins(const int16_t* __restrict y,
                            const int16_t* __restrict cb,
                            const int16_t* __restrict cr, ptrdiff_t count,
                            uint16_t* __restrict bins) {
  for (ptrdiff_t i = 0; i < count; ++i) {
    bins[i] = static_cast<uint16_t>(LumaBin(y[i]) * kChromaBins +
                                    ChromaBin(cb[i], cr[i]));
  }
}

GRAPHIQA_CLONES void ToBytes(const int16_t* __restrict codes, ptrdiff_t count,
                             uint8_t* __restrict bytes) {
  for (ptrdiff_t i = 0; i < count; ++i) {
    bytes[i] = static_cast<uint8_t>(Within(codes[i], kCodes - 1));
  }
}

/// Counts in turns, so that equal neighbours do not wait for each other.
template <typename Bin, int kBins>
class Counters {
 public:
  void Count(const Bin* bins, int count) {
    int i = 0;
    for (; i + kTurns <= count; i += kTurns) {
      uint64_t some = 0;  // read at once, since reading is what takes time
      memcpy(&some, bins + i, sizeof some);
#pragma GCC unroll 8
      for (int turn = 0; turn < kTurns; ++turn) {
        ++counts_[turn][static_cast<Bin>(some >> (turn * kBits))];
      }
    }
    for (; i < count; ++i) ++counts_[0][bins[i]];
  }
  int64_t operator[](int bin) const {
    int64_t sum = 0;
    for (const auto& turn : counts_) sum += turn[bin];
    return sum;
  }

 private:
  static constexpr int kBits = 8 * sizeof(Bin);
  static constexpr int kTurns = 64 / kBits;
  uint32_t counts_[kTurns][kBins] = {};
};

void SumLumaAndChroma(const PicturePlanes& planes, Scratch* scratch,
                      int64_t* sums) {
  auto* bins = scratch->Take<uint16_t>(static_cast<size_t>(planes.stride));
  Counters<uint16_t, kMixedBins> counters;
  for (int y = 0; y < planes.height; ++y) {
    ToBins(planes.Row(kY, y), planes.Row(kCb, y), planes.Row(kCr, y),
           planes.stride, bins);
    counters.Count(bins, planes.width);
  }
  for (int bin = 0; bin < kMixedBins; ++bin) {
    sums[kLumaSums + bin / kChromaBins] += counters[bin];
    sums[kChromaSums + bin % kChromaBins] += counters[bin];
  }
}

/// @param channel  0 … 2
void SumColour(const PicturePlanes& planes, int channel, Scratch* scratch,
               int64_t* sums) {
  auto* bytes = scratch->Take<uint8_t>(static_cast<size_t>(planes.stride));
  Counters<uint8_t, kCodes> counters;
  for (int y = 0; y < planes.height; ++y) {
    ToBytes(planes.Row(static_cast<Plane>(kRed + channel), y), planes.stride,
            bytes);
    counters.Count(bytes, planes.width);
  }
  for (int code = 0; code < kCodes; ++code) {
    sums[kCodeCounts + channel * kCodes + code] += counters[code];
    sums[kColourSums + channel * kColourBins + ColourBin(code)] +=
        counters[code];
  }
}

}  // namespace

void SumBins(const PicturePlanes& planes, Scratch* scratch, int64_t* sums) {
  SumLumaAndChroma(planes, scratch, sums);
  for (int channel = 0; channel < 3; ++channel) {
    SumColour(planes, channel, scratch, sums);
  }
}

}  // namespace graphiqa
