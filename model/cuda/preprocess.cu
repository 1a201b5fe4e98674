// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Pixels to the network's input. The reference is model/network/preprocess.cpp;
// the order of operations is the same, so that float32 results agree to a few
// units in the last place.
#include <type_traits>

#include "element.cuh"
#include "filter_table.h"

namespace graphiqa::cuda {
namespace {

constexpr int kTile = 16;

/// Reflection without the edge pixel, repeated as often as needed.
__device__ int Mirror(int i, int length) {
  if (length == 1) return 0;
  const int period = 2 * (length - 1);
  const int phase = i % period;
  return phase < length ? phase : period - phase;
}

__device__ void ReadNative(const ViewDescriptor& view, const uint8_t* pixels,
                           int x, int y, float* rgb) {
  const int64_t column = Mirror(x, view.width);
  const int64_t row = Mirror(y, view.height);
  const uint8_t* pixel = pixels + 3 * (row * view.width + column);
  for (int c = 0; c < 3; ++c) rgb[c] = pixel[c];
}

/// One output of the separable filter, rows first as on the CPU.
__device__ void ReadWhole(const ViewDescriptor& view, const uint8_t* staged,
                          int size, int x, int y, float* rgb) {
  const auto* columns =
      reinterpret_cast<const FilterSpan*>(staged + view.columns);
  const auto* rows = reinterpret_cast<const FilterSpan*>(staged + view.rows);
  const auto* column_weights = reinterpret_cast<const float*>(columns + size) +
                               static_cast<int64_t>(x) * view.column_taps;
  const auto* row_weights = reinterpret_cast<const float*>(rows + size) +
                            static_cast<int64_t>(y) * view.row_taps;
  const FilterSpan across = columns[x];
  const FilterSpan down = rows[y];
  for (int c = 0; c < 3; ++c) rgb[c] = 0;
  for (int j = 0; j < down.count; ++j) {
    const int64_t row = down.start + j;
    const uint8_t* pixel =
        staged + view.pixels + 3 * (row * view.width + across.start);
    float line[3] = {0, 0, 0};
    for (int i = 0; i < across.count; ++i, pixel += 3) {
      for (int c = 0; c < 3; ++c) line[c] += column_weights[i] * pixel[c];
    }
    for (int c = 0; c < 3; ++c) rgb[c] += row_weights[j] * line[c];
  }
}

template <typename T>
__global__ void PreprocessKernel(const uint8_t* staged, int size,
                                 Normalisation normalisation, T* batch) {
  const int x = static_cast<int>(blockIdx.x) * kTile + threadIdx.x;
  const int y = static_cast<int>(blockIdx.y) * kTile + threadIdx.y;
  if (x >= size || y >= size) return;
  const ViewDescriptor view =
      reinterpret_cast<const ViewDescriptor*>(staged)[blockIdx.z];
  float rgb[3];
  if (view.column_taps == 0) {
    ReadNative(view, staged + view.pixels, x, y, rgb);
  } else {
    ReadWhole(view, staged, size, x, y, rgb);
  }
  const int64_t pixel =
      (static_cast<int64_t>(blockIdx.z) * size + y) * size + x;
  for (int c = 0; c < 3; ++c) {
    const float value =
        (rgb[c] / 255.0f - normalisation.mean[c]) / normalisation.std[c];
    batch[3 * pixel + c] = FromFloat<T>(value);
  }
}

}  // namespace

cudaError_t Preprocess(const uint8_t* staged, int views, int size,
                       const Normalisation& normalisation, Element element,
                       void* batch, cudaStream_t stream) {
  const unsigned tiles = Blocks(size, kTile);
  const dim3 grid(tiles, tiles, static_cast<unsigned>(views));
  const dim3 block(kTile, kTile);
  WithElement(element, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    PreprocessKernel<T><<<grid, block, 0, stream>>>(staged, size, normalisation,
                                                    static_cast<T*>(batch));
  });
  return cudaGetLastError();
}

}  // namespace graphiqa::cuda
