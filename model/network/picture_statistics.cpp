// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "picture_statistics.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "clones.h"
#include "picture_sums.h"

namespace graphiqa {
namespace {

constexpr size_t kRgb = 3;  // the first of the planes of colours

/// A picture's Y, Cb and Cr, in 1/64 of a code, and R, G and B, in codes.
struct Planes {
  int width, height;
  std::vector<int> values[6];

  const int* Row(size_t plane, int y) const {
    return values[plane].data() + static_cast<ptrdiff_t>(y) * width;
  }
};

GRAPHIQA_CLONES void ToCodes(const float* __restrict pixels, int count,
                             const ColourScale& scale, int* __restrict y,
                             int* __restrict cb, int* __restrict cr,
                             int* __restrict red, int* __restrict green,
                             int* __restrict blue) {
  for (int i = 0; i < count; ++i) {
    const float* p = pixels + 3 * i;
    const PixelCodes codes =
        CodesOf(255 * (p[0] * scale.std[0] + scale.mean[0]),
                255 * (p[1] * scale.std[1] + scale.mean[1]),
                255 * (p[2] * scale.std[2] + scale.mean[2]));
    y[i] = codes.ycc[0];
    cb[i] = codes.ycc[1];
    cr[i] = codes.ycc[2];
    red[i] = codes.rgb[0];
    green[i] = codes.rgb[1];
    blue[i] = codes.rgb[2];
  }
}

GRAPHIQA_CLONES void ToBins(const int* __restrict y, const int* __restrict cb,
                            const int* __restrict cr, int count,
                            uint8_t* __restrict luma,
                            uint8_t* __restrict chroma) {
  for (int i = 0; i < count; ++i) {
    luma[i] = static_cast<uint8_t>(LumaBin(y[i]));
    chroma[i] = static_cast<uint8_t>(ChromaBin(cb[i], cr[i]));
  }
}

GRAPHIQA_CLONES void ToBytes(const int* __restrict codes, int count,
                             uint8_t* __restrict bytes) {
  for (int i = 0; i < count; ++i) {
    bytes[i] = static_cast<uint8_t>(Within(codes[i], kCodes - 1));
  }
}

GRAPHIQA_CLONES void ToColours(const int* __restrict red,
                               const int* __restrict green,
                               const int* __restrict blue, int count,
                               uint32_t* __restrict colours) {
  for (int i = 0; i < count; ++i) {
    colours[i] = PackedColour(red[i], green[i], blue[i]);
  }
}

/// Counts in turns, so that equal neighbours do not wait for each other.
void CountBytes(const std::vector<uint8_t>& bytes, int bins, int64_t* sums) {
  constexpr size_t kTurns = 4;
  uint32_t counts[kTurns][256] = {};
  for (size_t i = 0; i < bytes.size(); ++i) ++counts[i % kTurns][bytes[i]];
  for (int bin = 0; bin < bins; ++bin) {
    for (const auto& turn : counts) sums[bin] += turn[bin];
  }
}

void SumBins(const Planes& planes, int64_t* sums) {
  const auto& values = planes.values;
  const auto area = static_cast<int>(values[0].size());
  std::vector<uint8_t> bytes(values[0].size());
  std::vector<uint8_t> chroma(bytes.size());
  ToBins(values[0].data(), values[1].data(), values[2].data(), area,
         bytes.data(), chroma.data());
  CountBytes(bytes, kLumaBins, sums + kLumaSums);
  CountBytes(chroma, kChromaBins, sums + kChromaSums);
  for (int c = 0; c < 3; ++c) {
    int64_t* const codes = sums + kCodeCounts + c * kCodes;
    ToBytes(values[kRgb + static_cast<size_t>(c)].data(), area, bytes.data());
    CountBytes(bytes, kCodes, codes);
    for (int code = 0; code < kCodes; ++code) {
      sums[kColourSums + c * kColourBins + ColourBin(code)] += codes[code];
    }
  }
}

/// @param pixels  [H,W,3]
Planes ReadPicture(const float* pixels, const ColourScale& scale,
                   Planes planes) {
  const auto area =
      static_cast<size_t>(planes.width) * static_cast<size_t>(planes.height);
  for (auto& plane : planes.values) plane.resize(area);
  auto& [y, cb, cr, red, green, blue] = planes.values;
  ToCodes(pixels, static_cast<int>(area), scale, y.data(), cb.data(), cr.data(),
          red.data(), green.data(), blue.data());
  return planes;
}

/// Sums of the four pixels around those of a row, without its ends.
GRAPHIQA_CLONES void AddNeighbours(const int* __restrict above,
                                   const int* __restrict row,
                                   const int* __restrict below, int width,
                                   int* __restrict sums) {
  for (int x = 1; x < width - 1; ++x) {
    sums[x] = above[x] + below[x] + row[x - 1] + row[x + 1];
  }
}

struct ResidualTotals {
  int64_t roots, squares;
};

GRAPHIQA_CLONES ResidualTotals Residuals(const int* __restrict row,
                                         const int* __restrict neighbours,
                                         int width, int* __restrict residuals) {
  ResidualTotals totals{0, 0};
  for (int x = 1; x < width - 1; ++x) {
    const int residual = ResidualOf(row[x], neighbours[x]);
    residuals[x] = residual;
    totals.roots += RootOf(residual);
    totals.squares += residual * residual;
  }
  return totals;
}

void SumResiduals(const Planes& planes, int64_t* sums) {
  const int width = planes.width;
  std::vector<int> around(static_cast<size_t>(width));
  std::vector<int> residuals(around.size());
  std::vector<int> classes(around.size());
  for (int y = 1; y < planes.height - 1; ++y) {
    for (size_t k = 0; k < 3; ++k) {
      int64_t* const to =
          sums + kResiduals + static_cast<int>(k) * kResidualSums;
      const int* row = planes.Row(k, y);
      AddNeighbours(row - width, row, row + width, width, around.data());
      const ResidualTotals totals =
          Residuals(row, around.data(), width, residuals.data());
      to[kToneClasses] += totals.roots;
      to[kToneClasses + 1] += totals.squares;
      for (size_t x = 1; x + 1 < around.size(); ++x) {
        if (k == 0) {
          classes[x] = ToneClass(around[x]);
          ++sums[kClassCounts + classes[x]];
        }
        to[classes[x]] += residuals[x];
      }
    }
  }
}

GRAPHIQA_CLONES int64_t SignedResiduals(const int* __restrict row,
                                        const int* __restrict neighbours,
                                        int width, int* __restrict residuals) {
  int squares = 0;  // at most 8192 * 10000
  for (int x = 1; x < width - 1; ++x) {
    residuals[x] = SignedResidual(row[x], neighbours[x]);
    squares += residuals[x] * residuals[x];
  }
  return squares;
}

struct PairCounts {
  int agree, there;
};

/// Of one class: with counters of all classes the loop would not be compiled
/// to vector instructions.
GRAPHIQA_CLONES PairCounts CountPair(const int* __restrict a,
                                     const int* __restrict b, int width,
                                     int wanted) {
  int agree = 0;
  int there = 0;
  for (int x = 1; x < width - 1; ++x) {
    const int found = PairClass(a[x], b[x]) == wanted ? 1 : 0;
    there += found;
    agree += found & (a[x] * b[x] > 0 ? 1 : 0);
  }
  return {agree, there};
}

GRAPHIQA_CLONES int Product(const int* __restrict a, const int* __restrict b,
                            int width) {
  int products = 0;  // at most 8192 * 10000
  for (int x = 1; x < width - 1; ++x) products += a[x] * b[x];
  return products;
}

/// Adds a row's sums of a pair.
void AddPair(const int* a, const int* b, int width, int64_t* sums) {
  for (int k = 0; k < kPairClasses; ++k) {
    const PairCounts counts = CountPair(a, b, width, k);
    sums[k] += counts.agree;
    sums[kPairClasses + k] += counts.there;
  }
  sums[2 * kPairClasses] += Product(a, b, width);
}

void SumPairs(const Planes& planes, int64_t* sums) {
  const int width = planes.width;
  std::vector<int> around(static_cast<size_t>(width));
  std::vector<int> residuals[3];
  for (auto& row : residuals) row.resize(around.size());
  for (int y = 1; y < planes.height - 1; ++y) {
    for (size_t c = 0; c < 3; ++c) {
      const int* row = planes.Row(kRgb + c, y);
      AddNeighbours(row - width, row, row + width, width, around.data());
      sums[kSquares + static_cast<int>(c)] +=
          SignedResiduals(row, around.data(), width, residuals[c].data());
    }
    for (int pair = 0; pair < 3; ++pair) {
      AddPair(residuals[FirstOf(pair)].data(), residuals[SecondOf(pair)].data(),
              width, sums + kPairs + pair * kPairSums);
    }
  }
}

GRAPHIQA_CLONES int64_t SumDifferences(const int* __restrict a,
                                       const int* __restrict b, int count) {
  int sum = 0;  // at most 8192 * 16320
  for (int x = 0; x < count; ++x) sum += std::abs(a[x] - b[x]);
  return sum;
}

void SumStructure(const Planes& planes, int64_t* sums) {
  for (int direction = 0; direction < kDirections; ++direction) {
    for (int index = 0; index < kSteps; ++index) {
      const int right = StepRight(direction, StepOf(index));
      const int down = StepDown(direction, StepOf(index));
      const int count = planes.width - std::abs(right);
      int64_t& to = sums[kStructureSums + direction * kSteps + index];
      for (int y = 0; y + down < planes.height; ++y) {
        to += SumDifferences(planes.Row(0, y) + (right < 0 ? -right : 0),
                             planes.Row(0, y + down) + (right > 0 ? right : 0),
                             count);
      }
    }
  }
}

void Measure(const float* pixels, const ColourScale& scale, int width,
             int height, float* statistics) {
  int64_t sums[kPictureSums] = {};
  const Planes planes = ReadPicture(pixels, scale, Planes{width, height, {}});
  SumBins(planes, sums);
  SumResiduals(planes, sums);
  SumStructure(planes, sums);
  SumPairs(planes, sums);
  double spectrum[kSpectrumColumns];
  SumSpectrum(planes.Row(0, 0), width, height, spectrum);
  SumSeams(planes.Row(0, 0), width, height, sums + kSeamCounts);
  std::vector<uint32_t> colours(planes.values[kRgb].size());
  ToColours(planes.Row(kRgb, 0), planes.Row(kRgb + 1, 0),
            planes.Row(kRgb + 2, 0), width * height, colours.data());
  SumCopies(planes.Row(0, 0), colours.data(), width, height,
            sums + kCopyCounts);
  SumShifts(planes.Row(kRgb, 0), planes.Row(kRgb + 1, 0), width, height,
            sums + kShiftCounts);
  SumFlats(colours.data(), width, height, sums + kFlatCounts);
  std::sort(sums + kCopyCounts, sums + kCopyCounts + kCopyShifts);
  for (int column = 0; column < kPictureStatistics; ++column) {
    statistics[column] = StatisticOf(column, sums, spectrum, width, height);
  }
}

}  // namespace

at::Tensor PictureStatistics(const at::Tensor& images,
                             const ColourScale& scale) {
  const at::Tensor pixels = images.detach()
                                .to(at::kCPU, at::kFloat)
                                .permute({0, 2, 3, 1})
                                .contiguous();
  const auto height = static_cast<int>(pixels.size(1));
  const auto width = static_cast<int>(pixels.size(2));
  TORCH_CHECK(pixels.size(3) == 3 && height >= 16 && width >= 16 &&
                  height <= 8192 && width <= 8192,
              "pictures of 3 channels, 16 to 8192 pixels a side wanted");
  at::Tensor statistics =
      at::empty({pixels.size(0), kPictureStatistics}, at::kFloat);
  const float* from = pixels.const_data_ptr<float>();
  float* to = statistics.mutable_data_ptr<float>();
  const int64_t size = pixels.stride(0);
  at::parallel_for(0, pixels.size(0), 1, [&](int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; ++n) {
      Measure(from + n * size, scale, width, height,
              to + n * kPictureStatistics);
    }
  });
  return statistics;
}

}  // namespace graphiqa
