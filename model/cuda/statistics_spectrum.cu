// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// The spectra of PictureStatistics(): a block transforms two windows A and B of
// a picture as A + iB. The reference is model/network/picture_spectrum.cpp.
#include "statistics.cuh"

namespace graphiqa::cuda {
namespace {

constexpr int kSide = kSpectrumSide;
constexpr int kRow = kSide + 1;  // columns of a row in different banks
constexpr int kThreads = 256;
constexpr int kPixelsOfThread = kSide * kSide / kThreads;
constexpr int kFrequencies = (kHalfSpectrum + 1) * kSide;
constexpr int kFrequenciesOfThread = (kFrequencies + kThreads - 1) / kThreads;
static_assert(kThreads >= 2 * kSpectrumColumns, "a thread for each sum");

struct Workspace {
  float re[kSide * kRow];
  float im[kSide * kRow];
  Complex turns[kSide];
  float window[kSide];
  int sums[2];  // luma of the windows
};

/// Fills the tables and the sums; every thread of the block calls it.
__device__ void Prepare(Workspace* work) {
  const int thread = threadIdx.x;
  if (thread < kSide) {
    work->turns[thread] = TurnOf(thread);
    work->window[thread] = HannWeight(thread);
  }
  if (thread < 2) work->sums[thread] = 0;
  __syncthreads();
}

/// Loads a window into `to`, in reversed places both ways.
/// @param left,top  the window's; the window lies within the picture
__device__ void Load(const Picture& picture, int left, int top, int index,
                     Workspace* work, float* to) {
  int luma[kPixelsOfThread];
  int sum = 0;
#pragma unroll
  for (int i = 0; i < kPixelsOfThread; ++i) {
    const int pixel = i * kThreads + static_cast<int>(threadIdx.x);
    luma[i] = Read(picture, left + pixel % kSide, top + pixel / kSide).ycc[0];
    sum += luma[i];
  }
  atomicAdd(work->sums + index, sum);
  __syncthreads();
  const int all = work->sums[index];
#pragma unroll
  for (int i = 0; i < kPixelsOfThread; ++i) {
    const int pixel = i * kThreads + static_cast<int>(threadIdx.x);
    const int x = pixel % kSide;
    const int y = pixel / kSide;
    to[ReversedPlace(y) * kRow + ReversedPlace(x)] =
        WithoutMean(luma[i], all) * (work->window[y] * work->window[x]);
  }
}

/// Transforms all lines of 64 values, `along` apart, that start `across` apart.
__device__ void Transform(int along, int across, Workspace* work) {
  for (int quarter = 1; quarter < kSide; quarter *= 4) {
    __syncthreads();
    const int step = kSide / (4 * quarter);
    for (int i = threadIdx.x; i < kSide * kSide / 4; i += kThreads) {
      const int line = i % kSide;
      const int turn = i / kSide % quarter;
      const int first = i / kSide / quarter * 4 * quarter + turn;
      Butterfly values;
#pragma unroll
      for (int k = 0; k < 4; ++k) {
        const int place = line * across + (first + k * quarter) * along;
        values.values[k] = {work->re[place], work->im[place]};
      }
      values =
          Combined(values, work->turns[turn * step],
                   work->turns[2 * turn * step], work->turns[3 * turn * step]);
#pragma unroll
      for (int k = 0; k < 4; ++k) {
        const int place = line * across + (first + k * quarter) * along;
        work->re[place] = values.values[k].re;
        work->im[place] = values.values[k].im;
      }
    }
  }
  __syncthreads();
}

/// Replaces re by the powers of A and im by those of B, in the places of the
/// frequencies u right, 0 … 32, and v down.
__device__ void ToPowers(Workspace* work) {
  TwoPowers found[kFrequenciesOfThread];
#pragma unroll
  for (int i = 0; i < kFrequenciesOfThread; ++i) {
    const int frequency = i * kThreads + static_cast<int>(threadIdx.x);
    if (frequency >= kFrequencies) continue;
    const int u = frequency / kSide;
    const int v = frequency % kSide;
    const int here = v * kRow + u;
    const int opposite = (kSide - v) % kSide * kRow + (kSide - u) % kSide;
    found[i] = PowersOf({work->re[here], work->im[here]},
                        {work->re[opposite], work->im[opposite]});
  }
  __syncthreads();  // all has been read
#pragma unroll
  for (int i = 0; i < kFrequenciesOfThread; ++i) {
    const int frequency = i * kThreads + static_cast<int>(threadIdx.x);
    if (frequency >= kFrequencies) continue;
    const int here = frequency % kSide * kRow + frequency / kSide;
    work->re[here] = found[i].a;
    work->im[here] = found[i].b;
  }
  __syncthreads();
}

/// @param windows  of the picture, [count, kSpectrumColumns]
__global__ void __launch_bounds__(kThreads)
    SpectrumKernel(const float* images, int size, Normalisation scale,
                   float* windows) {
  __shared__ Workspace work;
  const Picture picture = PictureOf(images, blockIdx.y, size, scale);
  const int across = SpectrumWindows(size);
  const int count = across * across;
  const int first = 2 * static_cast<int>(blockIdx.x);
  // The last block may have one window only, which it takes twice.
  const int second = first + 1 < count ? first + 1 : first;
  Prepare(&work);
  Load(picture, first % across * kSpectrumStep, first / across * kSpectrumStep,
       0, &work, work.re);
  Load(picture, second % across * kSpectrumStep,
       second / across * kSpectrumStep, 1, &work, work.im);
  Transform(kRow, 1, &work);
  Transform(1, kRow, &work);
  ToPowers(&work);
  const int index = threadIdx.x / kSpectrumColumns;
  const int column = threadIdx.x % kSpectrumColumns;
  if (index >= 2 || first + index >= count) return;
  const float* powers = index == 0 ? work.re : work.im;
  const int bin = column % kSpectrumBins;
  const float sum =
      column < kSpectrumBins
          ? SumOfBin(bin,
                     [powers](int u, int v) { return powers[v * kRow + u]; })
          : SumOfBin(bin, [powers](int u, int v) {
              return LogOfOneAnd(powers[v * kRow + u]);
            });
  windows[(static_cast<int64_t>(blockIdx.y) * count + first + index) *
              kSpectrumColumns +
          column] = sum;
}

}  // namespace

void SumSpectra(const StatisticsArguments& a, const float* batch,
                float* windows, cudaStream_t stream) {
  const int count = WindowsOf(a.size);
  if (count == 0) return;
  SpectrumKernel<<<dim3(Blocks(count, 2), static_cast<unsigned>(a.images)),
                   kThreads, 0, stream>>>(batch, a.size, a.scale, windows);
}

}  // namespace graphiqa::cuda
