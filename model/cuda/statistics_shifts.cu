// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// The shifts of PictureStatistics(): a block multiplies a part of a row of R's
// residuals with G's around it. The reference is
// model/network/picture_shifts.cpp.
#include "network/picture_pairs.h"
#include "statistics.cuh"

namespace graphiqa::cuda {
namespace {

constexpr int kThreads = 256;
constexpr int kPart = 64;  // pixels of a block
constexpr int kRows = kShiftSide;
constexpr int kColumns = kPart + 2 * kShiftReach;

struct Tile {
  // Codes of the residuals' pixels and of those around.
  short green[kRows + 2][kColumns + 2];
  short red[3][kPart + 2];
  short green_residuals[kRows][kColumns];
  short red_residuals[kPart];  // 0 beyond the picture's inner part
};

/// @param left,top  of the block's pixels in the picture
/// @param count     of pixels
__device__ void Load(const Picture& picture, int left, int top, int count,
                     Tile* tile) {
  for (int i = threadIdx.x; i < (kRows + 2) * (kColumns + 2); i += kThreads) {
    const int row = i / (kColumns + 2);
    const int column = i % (kColumns + 2);
    const int x = left + column - kShiftReach - 1;
    const int y = top + row - kShiftReach - 1;
    PixelCodes codes{};
    if (x < picture.size && y < picture.size) codes = Read(picture, x, y);
    tile->green[row][column] = static_cast<short>(codes.rgb[1]);
    const int red_row = row - kShiftReach;
    const int red_column = column - kShiftReach;
    if (red_row >= 0 && red_row < 3 && red_column >= 0 &&
        red_column < kPart + 2) {
      tile->red[red_row][red_column] = static_cast<short>(codes.rgb[0]);
    }
  }
  __syncthreads();
  for (int i = threadIdx.x; i < kRows * kColumns; i += kThreads) {
    const int row = i / kColumns;
    const int column = i % kColumns;
    const auto* at = &tile->green[row + 1][column + 1];
    const int around = at[-1] + at[1] + at[-(kColumns + 2)] + at[kColumns + 2];
    tile->green_residuals[row][column] =
        static_cast<short>(SignedResidual<int>(at[0], around));
  }
  for (int i = threadIdx.x; i < kPart; i += kThreads) {
    const int around = tile->red[1][i] + tile->red[1][i + 2] +
                       tile->red[0][i + 1] + tile->red[2][i + 1];
    tile->red_residuals[i] = i < count ? static_cast<short>(SignedResidual<int>(
                                             tile->red[1][i + 1], around))
                                       : 0;
  }
  __syncthreads();
}

/// @param row,column  of the first residual of G
__device__ int Product(const Tile& tile, int row, int column) {
  int sum = 0;
  for (int i = 0; i < kPart; ++i) {
    sum += tile.red_residuals[i] * tile.green_residuals[row][column + i];
  }
  return sum;
}

__global__ void ShiftKernel(const float* images, int size, Normalisation scale,
                            Sum* sums) {
  __shared__ Tile tile;
  const int left = kShiftMargin + static_cast<int>(blockIdx.x) * kPart;
  const int top = kShiftMargin + static_cast<int>(blockIdx.y) * kShiftRowStep;
  const int inner = size - kShiftMargin - left;
  const int count = inner < kPart ? inner : kPart;
  Load(PictureOf(images, blockIdx.z, size, scale), left, top, count, &tile);
  Sum* to =
      sums + static_cast<int64_t>(blockIdx.z) * kPictureSums + kShiftCounts;
  for (int place = threadIdx.x; place < kShiftPlaces; place += kThreads) {
    const int right = place % kShiftSide - kShiftReach;
    const int down = place / kShiftSide - kShiftReach;
    if (!IsShiftPlace(right, down)) continue;
    // A negative product wraps around, and the sum of all back again.
    atomicAdd(to + place, static_cast<Sum>(static_cast<int64_t>(Product(
                              tile, place / kShiftSide, place % kShiftSide))));
  }
  if (threadIdx.x == 0) {
    int red = 0;
    int green = 0;
    for (int i = 0; i < count; ++i) {
      const int r = tile.red_residuals[i];
      const int g = tile.green_residuals[kShiftReach][kShiftReach + i];
      red += r * r;
      green += g * g;
    }
    atomicAdd(to + kShiftPlaces, static_cast<Sum>(red));
    atomicAdd(to + kShiftPlaces + 1, static_cast<Sum>(green));
  }
}

}  // namespace

void SumShifts(const StatisticsArguments& a, const float* batch, Sum* sums,
               cudaStream_t stream) {
  const int inner = a.size - 2 * kShiftMargin;
  if (inner <= 0) return;
  ShiftKernel<<<dim3(Blocks(inner, kPart),
                     static_cast<unsigned>(ShiftRows(a.size)),
                     static_cast<unsigned>(a.images)),
                kThreads, 0, stream>>>(batch, a.size, a.scale, sums);
}

}  // namespace graphiqa::cuda
