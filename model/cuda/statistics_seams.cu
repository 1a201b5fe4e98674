// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// The seams of PictureStatistics(): a thread sums along an upright and a level
// one. The reference is model/network/picture_seams.cpp.
#include "statistics.cuh"

namespace graphiqa::cuda {
namespace {

constexpr int kSide = 16;  // threads of a block, a side
constexpr int kThreads = kSide * kSide;
// From one pixel before a block's to where the last seam ends.
constexpr int kTile = kSide + kSeamLength;

using Tile = int[kTile][kTile];

/// Fills the tile with luma; places outside of the picture are 0.
__device__ void Load(const Picture& picture, int left, int top, Tile& luma) {
  const int thread = threadIdx.y * kSide + threadIdx.x;
  for (int i = thread; i < kTile * kTile; i += kThreads) {
    const int x = left - 1 + i % kTile;
    const int y = top - 1 + i / kTile;
    const bool within =
        x >= 0 && y >= 0 && x < picture.size && y < picture.size;
    luma[i / kTile][i % kTile] = within ? Read(picture, x, y).ycc[0] : 0;
  }
  __syncthreads();
}

/// Sum along the seam from a place of the tile.
/// @param across_x,across_y  a pixel across the seam; along it is the other way
__device__ int SumAlong(const Tile& luma, int x, int y, int across_x,
                        int across_y) {
  int sum = 0;
  for (int i = 0; i < kSeamLength; ++i) {
    const int column = x + i * across_y;
    const int row = y + i * across_x;
    int steps[3];
    for (int k = 0; k < 3; ++k) {
      steps[k] =
          abs(luma[row + k * across_y][column + k * across_x] -
              luma[row + (k - 1) * across_y][column + (k - 1) * across_x]);
    }
    sum += SeamOf(steps[0], steps[1], steps[2]);
  }
  return sum;
}

/// Counts the block's places above each level; every thread calls it.
__device__ void Count(bool there, int sum, Sum* counts) {
  for (int level = 0; level < kSeamLevels; ++level) {
    const int above = __syncthreads_count(there && sum > SeamThreshold(level));
    if (threadIdx.x == 0 && threadIdx.y == 0 && above != 0) {
      atomicAdd(counts + level, static_cast<Sum>(above));
    }
  }
}

/// A place is the pixel before a seam, with one before and two after it.
__global__ void SeamKernel(const float* images, int size, Normalisation scale,
                           Sum* sums) {
  __shared__ Tile luma;
  const int left = static_cast<int>(blockIdx.x) * kSide;
  const int top = static_cast<int>(blockIdx.y) * kSide;
  Load(PictureOf(images, blockIdx.z, size, scale), left, top, luma);
  const int x = left + static_cast<int>(threadIdx.x);
  const int y = top + static_cast<int>(threadIdx.y);
  const int column = static_cast<int>(threadIdx.x) + 1;
  const int row = static_cast<int>(threadIdx.y) + 1;
  Sum* counts =
      sums + static_cast<int64_t>(blockIdx.z) * kPictureSums + kSeamCounts;
  const bool upright = x >= 1 && x + 2 < size && y + kSeamLength <= size;
  const bool level = y >= 1 && y + 2 < size && x + kSeamLength <= size;
  Count(upright, upright ? SumAlong(luma, column, row, 1, 0) : 0, counts);
  Count(level, level ? SumAlong(luma, column, row, 0, 1) : 0,
        counts + kSeamLevels);
}

}  // namespace

void SumSeams(const StatisticsArguments& a, const float* batch, Sum* sums,
              cudaStream_t stream) {
  const unsigned tiles = Blocks(a.size, kSide);
  SeamKernel<<<dim3(tiles, tiles, static_cast<unsigned>(a.images)),
               dim3(kSide, kSide), 0, stream>>>(batch, a.size, a.scale, sums);
}

}  // namespace graphiqa::cuda
