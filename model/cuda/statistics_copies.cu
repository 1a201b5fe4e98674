// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// The copies of PictureStatistics(): a thread looks for its pixel's
// surroundings at all shifts. The reference is
// model/network/picture_copies.cpp.
#include "statistics.cuh"

namespace graphiqa::cuda {
namespace {

constexpr int kSide = 16;  // threads of a block, a side
constexpr int kThreads = kSide * kSide;
// Pixels with a hash: the block's and where shifts lead.
constexpr int kHashRows = kSide + kCopyReach;
constexpr int kHashColumns = kSide + 2 * kCopyReach;
constexpr int kTileRows = kHashRows + 2;  // and those around
constexpr int kTileColumns = kHashColumns + 2;

struct Tile {
  uint32_t colours[kTileRows][kTileColumns];
  int luma[kTileRows][kTileColumns];
  uint32_t hashes[kHashRows][kHashColumns];  // kNoCopy where there is none
  unsigned counts[kCopySums];
};

/// @param left,top  of the block's pixels
__device__ void Load(const Picture& picture, int left, int top, Tile* tile) {
  const int thread = threadIdx.y * kSide + threadIdx.x;
  for (int i = thread; i < kCopySums; i += kThreads) tile->counts[i] = 0;
  for (int i = thread; i < kTileRows * kTileColumns; i += kThreads) {
    const int row = i / kTileColumns;
    const int column = i % kTileColumns;
    const int x = left + column - kCopyReach - 1;
    const int y = top + row - 1;
    PixelCodes codes{};
    if (x >= 0 && y >= 0 && x < picture.size && y < picture.size) {
      codes = Read(picture, x, y);
    }
    tile->colours[row][column] =
        PackedColour(codes.rgb[0], codes.rgb[1], codes.rgb[2]);
    tile->luma[row][column] = codes.ycc[0];
  }
  __syncthreads();
  for (int i = thread; i < kHashRows * kHashColumns; i += kThreads) {
    const int row = i / kHashColumns;
    const int column = i % kHashColumns;
    const int x = left + column - kCopyReach;
    const int y = top + row;
    const bool inner =
        x >= 1 && y >= 1 && x < picture.size - 1 && y < picture.size - 1;
    // A hash's place is one row and one column further in the other arrays.
    tile->hashes[row][column] =
        inner ? CopyHash(&tile->colours[row][column + 1],
                         &tile->colours[row + 1][column + 1],
                         &tile->colours[row + 2][column + 1])
              : kNoCopy;
  }
  __syncthreads();
}

__device__ bool IsTexturedAt(const Tile& tile, int row, int column) {
  int sum = 0;
  for (int down = -1; down <= 1; ++down) {
    for (int right = -1; right <= 1; ++right) {
      sum += tile.luma[row + down][column + right];
    }
  }
  return IsTextured(tile.luma[row][column], sum);
}

__global__ void CopyKernel(const float* images, int size, Normalisation scale,
                           Sum* sums) {
  __shared__ Tile tile;
  Load(PictureOf(images, blockIdx.z, size, scale),
       static_cast<int>(blockIdx.x) * kSide,
       static_cast<int>(blockIdx.y) * kSide, &tile);
  const int row = threadIdx.y;
  const int column = static_cast<int>(threadIdx.x) + kCopyReach;
  const uint32_t sought = tile.hashes[row][column];
  if (sought != kNoCopy && IsTexturedAt(tile, row + 1, column + 1)) {
    atomicAdd(tile.counts + kCopyShifts, 1u);
    int shift = 0;
    for (int down = 0; down <= kCopyReach; ++down) {
      for (int right = -kCopyReach; right <= kCopyReach; ++right) {
        if (!IsCopyShift(right, down)) continue;
        if (tile.hashes[row + down][column + right] == sought) {
          atomicAdd(tile.counts + shift, 1u);
        }
        ++shift;
      }
    }
  }
  __syncthreads();
  AddCounts(tile.counts, kCopySums, kCopyCounts, sums);
}

}  // namespace

void SumCopies(const StatisticsArguments& a, const float* batch, Sum* sums,
               cudaStream_t stream) {
  CopyKernel<<<dim3(Blocks(a.size, kSide), Blocks(a.size, kSide),
                    static_cast<unsigned>(a.images)),
               dim3(kSide, kSide), 0, stream>>>(batch, a.size, a.scale, sums);
}

}  // namespace graphiqa::cuda
