// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// PictureStatistics() on the device. The reference is
// model/network/picture_statistics.cpp; sums are of whole numbers, so the order
// of pixels does not matter, and what is summed is in picture_sums.h.
#include "statistics.cuh"

namespace graphiqa::cuda {
namespace {

constexpr int kSide = 16;  // threads of a block, a side
constexpr int kReach = 8;  // the longest step of the structure function
static_assert(StepOf(kSteps - 1) == kReach, "the tile's border");
constexpr int kTileRows = kSide + kReach + 1;  // one above, eight below
constexpr int kTileColumns = kSide + 2 * kReach;
constexpr int kThreads = kSide * kSide;

__device__ void Add(Sum* sums, int place, int value) {
  if (value != 0) atomicAdd(sums + place, static_cast<Sum>(value));
}

/// Planes of a block's pixels and of those around.
struct Tile {
  int ycc[3][kTileRows][kTileColumns];
  int rgb[3][kTileRows][kTileColumns];
};

/// Fills the tile; places outside of the picture are left alone and not read.
__device__ void Load(const Picture& picture, int left, int top, Tile* tile) {
  const int thread = threadIdx.y * kSide + threadIdx.x;
  for (int i = thread; i < kTileRows * kTileColumns; i += kThreads) {
    const int row = i / kTileColumns;
    const int column = i % kTileColumns;
    const int x = left + column - kReach;
    const int y = top + row - 1;
    if (x < 0 || y < 0 || x >= picture.size || y >= picture.size) continue;
    const PixelCodes codes = Read(picture, x, y);
    for (int k = 0; k < 3; ++k) {
      tile->ycc[k][row][column] = codes.ycc[k];
      tile->rgb[k][row][column] = codes.rgb[k];
    }
  }
  __syncthreads();
}

__device__ int Around(const int (*plane)[kTileColumns], int row, int column) {
  return plane[row - 1][column] + plane[row + 1][column] +
         plane[row][column - 1] + plane[row][column + 1];
}

__device__ void AddResiduals(const Tile& tile, int row, int column, Sum* sums) {
  const int tone = ToneClass(Around(tile.ycc[0], row, column));
  Add(sums, kClassCounts + tone, 1);
  for (int k = 0; k < 3; ++k) {
    const int residual =
        ResidualOf(tile.ycc[k][row][column], Around(tile.ycc[k], row, column));
    const int base = kResiduals + k * kResidualSums;
    Add(sums, base + tone, residual);
    Add(sums, base + kToneClasses, RootOf(residual));
    Add(sums, base + kToneClasses + 1, residual * residual);
  }
}

__device__ void AddPairs(const Tile& tile, int row, int column, Sum* sums) {
  int residuals[3];
  for (int c = 0; c < 3; ++c) {
    residuals[c] = SignedResidual(tile.rgb[c][row][column],
                                  Around(tile.rgb[c], row, column));
    Add(sums, kSquares + c, residuals[c] * residuals[c]);
  }
  for (int pair = 0; pair < 3; ++pair) {
    const int a = residuals[FirstOf(pair)];
    const int b = residuals[SecondOf(pair)];
    const int base = kPairs + pair * kPairSums;
    // A negative product wraps around, and the sum of all back again.
    Add(sums, base + 2 * kPairClasses, a * b);
    const int found = PairClass(a, b);
    if (found < 0) continue;
    Add(sums, base + kPairClasses + found, 1);
    Add(sums, base + found, a * b > 0 ? 1 : 0);
  }
}

__device__ void AddStructure(const Tile& tile, int row, int column, int x,
                             int y, int size, Sum* sums) {
  const int luma = tile.ycc[0][row][column];
  for (int direction = 0; direction < kDirections; ++direction) {
    for (int index = 0; index < kSteps; ++index) {
      const int right = StepRight(direction, StepOf(index));
      const int down = StepDown(direction, StepOf(index));
      if (x + right < 0 || x + right >= size || y + down >= size) continue;
      Add(sums, kStructureSums + direction * kSteps + index,
          abs(luma - tile.ycc[0][row + down][column + right]));
    }
  }
}

__device__ void AddBins(const Picture& picture, int x, int y, Sum* sums) {
  const PixelCodes codes = Read(picture, x, y);
  Add(sums, kLumaSums + LumaBin(codes.ycc[0]), 1);
  Add(sums, kChromaSums + ChromaBin(codes.ycc[1], codes.ycc[2]), 1);
  for (int c = 0; c < 3; ++c) {
    Add(sums, kColourSums + c * kColourBins + ColourBin(codes.rgb[c]), 1);
    Add(sums, kCodeCounts + c * kCodes + Within(codes.rgb[c], kCodes - 1), 1);
  }
}

__global__ void SumKernel(const float* images, int size, Normalisation scale,
                          Sum* sums) {
  __shared__ Tile tile;
  __shared__ Sum block_sums[kSeamCounts];  // later ones have own kernels
  const int thread = threadIdx.y * kSide + threadIdx.x;
  for (int i = thread; i < kSeamCounts; i += kThreads) block_sums[i] = 0;
  const Picture picture = PictureOf(images, blockIdx.z, size, scale);
  const int left = static_cast<int>(blockIdx.x) * kSide;
  const int top = static_cast<int>(blockIdx.y) * kSide;
  Load(picture, left, top, &tile);
  const int x = left + threadIdx.x;
  const int y = top + threadIdx.y;
  if (x < size && y < size) {
    const int row = threadIdx.y + 1;
    const int column = threadIdx.x + kReach;
    AddBins(picture, x, y, block_sums);
    AddStructure(tile, row, column, x, y, size, block_sums);
    if (x > 0 && y > 0 && x < size - 1 && y < size - 1) {
      AddResiduals(tile, row, column, block_sums);
      AddPairs(tile, row, column, block_sums);
    }
  }
  __syncthreads();
  Sum* all = sums + static_cast<int64_t>(blockIdx.z) * kPictureSums;
  for (int i = thread; i < kSeamCounts; i += kThreads) {
    if (block_sums[i] != 0) atomicAdd(all + i, block_sums[i]);
  }
}

/// Puts the block's counts of copies in ascending order.
__device__ void SortCopies(int64_t* counts) {
  const int own = threadIdx.x;
  int place = 0;
  int64_t count = 0;
  if (own < kCopyShifts) {
    count = counts[own];
    for (int i = 0; i < kCopyShifts; ++i) {
      place += counts[i] < count || (counts[i] == count && i < own) ? 1 : 0;
    }
  }
  __syncthreads();  // all has been read
  if (own < kCopyShifts) counts[place] = count;
}
static_assert(kPictureStatistics >= kCopyShifts, "a thread for each");

/// @param windows  [images, count, kSpectrumColumns]
__global__ void FinishKernel(const Sum* sums, const float* windows, int count,
                             int size, int64_t stride, float* features) {
  __shared__ int64_t own[kPictureSums];
  __shared__ double spectrum[kSpectrumColumns];
  const int column = threadIdx.x;
  const Sum* from = sums + static_cast<int64_t>(blockIdx.x) * kPictureSums;
  for (int i = column; i < kPictureSums; i += kPictureStatistics) {
    own[i] = static_cast<int64_t>(from[i]);
  }
  if (column < kSpectrumColumns) {
    const float* window =
        windows + static_cast<int64_t>(blockIdx.x) * count * kSpectrumColumns;
    double sum = 0;
    for (int i = 0; i < count; ++i)
      sum += window[i * kSpectrumColumns + column];
    spectrum[column] = sum;
  }
  __syncthreads();
  SortCopies(own + kCopyCounts);
  __syncthreads();
  features[blockIdx.x * stride + column] =
      StatisticOf(column, own, spectrum, size, size);
}

}  // namespace

int64_t StatisticsBytes(int size) {
  return static_cast<int64_t>(sizeof(Sum)) * kPictureSums +
         static_cast<int64_t>(sizeof(float)) * kSpectrumColumns *
             WindowsOf(size);
}

cudaError_t PictureStatistics(const StatisticsArguments& a, const float* batch,
                              float* features, cudaStream_t stream) {
  auto* sums = static_cast<Sum*>(a.sums);
  const auto images = static_cast<unsigned>(a.images);
  auto* windows = reinterpret_cast<float*>(
      sums + static_cast<int64_t>(a.images) * kPictureSums);
  const cudaError_t cleared = cudaMemsetAsync(
      sums, 0, sizeof(Sum) * kPictureSums * static_cast<size_t>(a.images),
      stream);
  if (cleared != cudaSuccess) return cleared;
  const unsigned tiles = Blocks(a.size, kSide);
  SumKernel<<<dim3(tiles, tiles, images), dim3(kSide, kSide), 0, stream>>>(
      batch, a.size, a.scale, sums);
  SumSeams(a, batch, sums, stream);
  SumCopies(a, batch, sums, stream);
  SumShifts(a, batch, sums, stream);
  SumFlats(a, batch, sums, stream);
  SumSpectra(a, batch, windows, stream);
  FinishKernel<<<images, kPictureStatistics, 0, stream>>>(
      sums, windows, WindowsOf(a.size), a.size, a.stride, features);
  return cudaGetLastError();
}

}  // namespace graphiqa::cuda
