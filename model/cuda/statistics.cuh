// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What the kernels of PictureStatistics() share, and what launches those that
/// lie in files of their own.
#pragma once

#include "element.cuh"
#include "network/picture_sums.h"

namespace graphiqa::cuda {

using Sum = unsigned long long;  // what atomicAdd() takes

struct Picture {
  const float* pixels;  // [S,S,3], normalised
  int size;
  Normalisation scale;
};

__device__ inline Picture PictureOf(const float* images, int64_t index,
                                    int size, const Normalisation& scale) {
  return {images + index * size * size * 3, size, scale};
}

__device__ inline PixelCodes Read(const Picture& picture, int x, int y) {
  const float* p =
      picture.pixels + 3 * (static_cast<int64_t>(y) * picture.size + x);
  float rgb[3];
  for (int c = 0; c < 3; ++c) {
    rgb[c] = 255 * (p[c] * picture.scale.std[c] + picture.scale.mean[c]);
  }
  return CodesOf(rgb[0], rgb[1], rgb[2]);
}

/// Adds a block's counters to a picture's sums; all threads of a square block
/// call it, after the last has counted.
/// @param sums  [images, kPictureSums]; `place` within a picture's
__device__ inline void AddCounts(const unsigned* counts, int size, int place,
                                 Sum* sums) {
  const int thread = threadIdx.y * blockDim.x + threadIdx.x;
  const int threads = blockDim.x * blockDim.y;
  Sum* to = sums + static_cast<int64_t>(blockIdx.z) * kPictureSums + place;
  for (int i = thread; i < size; i += threads) {
    if (counts[i] != 0) atomicAdd(to + i, static_cast<Sum>(counts[i]));
  }
}

/// Windows of a square picture.
inline int WindowsOf(int size) {
  return SpectrumWindows(size) * SpectrumWindows(size);
}

/// Sums of each window's powers and of their logarithms, by bin.
/// @param windows  [images, WindowsOf(size), kSpectrumColumns], written
void SumSpectra(const StatisticsArguments& arguments, const float* batch,
                float* windows, cudaStream_t stream);

/// Adds to the pictures' kSeamCounts.
/// @param sums  [images, kPictureSums]
void SumSeams(const StatisticsArguments& arguments, const float* batch,
              Sum* sums, cudaStream_t stream);

/// Adds to the pictures' kCopyCounts, in the order of the shifts.
/// @param sums  [images, kPictureSums]
void SumCopies(const StatisticsArguments& arguments, const float* batch,
               Sum* sums, cudaStream_t stream);

/// Adds to the pictures' kShiftCounts.
/// @param sums  [images, kPictureSums]
void SumShifts(const StatisticsArguments& arguments, const float* batch,
               Sum* sums, cudaStream_t stream);

/// Adds to the pictures' kFlatCounts.
/// @param sums  [images, kPictureSums]
void SumFlats(const StatisticsArguments& arguments, const float* batch,
              Sum* sums, cudaStream_t stream);

}  // namespace graphiqa::cuda
