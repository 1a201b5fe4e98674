// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// The flats of PictureStatistics(): a thread looks from its pixel in four
// directions. The reference is model/network/picture_flats.cpp.
#include "statistics.cuh"

namespace graphiqa::cuda {
namespace {

constexpr int kSide = 16;  // threads of a block, a side
constexpr int kThreads = kSide * kSide;
constexpr int kReach = kLongestFlat - 1;
constexpr int kTile = kSide + 2 * kReach;
constexpr uint32_t kNoColour = 0xffffffffu;  // beyond the picture

struct Tile {
  uint32_t colours[kTile * kTile];
  unsigned counts[kFlatColumns];
};

__device__ void Load(const Picture& picture, int left, int top, Tile* tile) {
  const int thread = threadIdx.y * kSide + threadIdx.x;
  if (thread < kFlatColumns) tile->counts[thread] = 0;
  for (int i = thread; i < kTile * kTile; i += kThreads) {
    const int x = left + i % kTile - kReach;
    const int y = top + i / kTile - kReach;
    uint32_t colour = kNoColour;
    if (x >= 0 && y >= 0 && x < picture.size && y < picture.size) {
      const PixelCodes codes = Read(picture, x, y);
      colour = PackedColour(codes.rgb[0], codes.rgb[1], codes.rgb[2]);
    }
    tile->colours[i] = colour;
  }
  __syncthreads();
}

/// Pixels of one colour through a pixel, up to kReach each way.
__device__ int RunThrough(const uint32_t* pixel, int step) {
  int length = 1;
  for (int i = 1; i <= kReach && pixel[i * step] == *pixel; ++i) ++length;
  for (int i = 1; i <= kReach && pixel[-i * step] == *pixel; ++i) ++length;
  return length;
}

__global__ void FlatKernel(const float* images, int size, Normalisation scale,
                           Sum* sums) {
  __shared__ Tile tile;
  Load(PictureOf(images, blockIdx.z, size, scale),
       static_cast<int>(blockIdx.x) * kSide,
       static_cast<int>(blockIdx.y) * kSide, &tile);
  const int at = (static_cast<int>(threadIdx.y) + kReach) * kTile +
                 static_cast<int>(threadIdx.x) + kReach;
  const uint32_t* pixel = tile.colours + at;
  if (*pixel != kNoColour) {
    const int across = RunThrough(pixel, 1);
    const int down = RunThrough(pixel, kTile);
    const int length = across < down ? across : down;
    for (int column = 0; column < kFlatColumns; ++column) {
      if (length >= FlatLength(column)) atomicAdd(tile.counts + column, 1u);
    }
  }
  __syncthreads();
  AddCounts(tile.counts, kFlatColumns, kFlatCounts, sums);
}

}  // namespace

void SumFlats(const StatisticsArguments& a, const float* batch, Sum* sums,
              cudaStream_t stream) {
  FlatKernel<<<dim3(Blocks(a.size, kSide), Blocks(a.size, kSide),
                    static_cast<unsigned>(a.images)),
               dim3(kSide, kSide), 0, stream>>>(batch, a.size, a.scale, sums);
}

}  // namespace graphiqa::cuda
