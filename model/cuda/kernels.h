// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// The module's own CUDA kernels, behind plain functions: neither their users
/// nor their tests need nvcc, and the kernels need no LibTorch. All launch on
/// `stream` and return at once with what cudaGetLastError() says. Pointers are
/// device memory, aligned as cudaMalloc() aligns unless stated. Maps are
/// channels-last: [N,H,W,C] in memory.
#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>

namespace graphiqa::cuda {

/// Element type of activations. Kernels compute in float32.
enum class Element { kFloat, kHalf, kBfloat16 };

/// Where the pixels of one view lie in the staged bytes, and its filters.
struct ViewDescriptor {
  int64_t pixels = 0;   ///< byte offset of packed 8-bit RGB
  int64_t columns = 0;  ///< byte offset of the FilterTable over x
  int64_t rows = 0;     ///< the same over y
  int32_t width = 0;
  int32_t height = 0;
  int32_t column_taps = 0;  ///< of the table over x; 0 = a native view
  int32_t row_taps = 0;
};

/// What (RGB / 255 - mean) / std needs.
struct Normalisation {
  float mean[3] = {0, 0, 0};
  float std[3] = {1, 1, 1};
};

/// What PreprocessView() does on the CPU, for many views.
/// @param staged  `views` descriptors, then, where these say, tables and pixels
/// @param views   1 … 65535
/// @param size    side S of the network's input, [32, 1024]
/// @param batch   [views,S,S,3], written
cudaError_t Preprocess(const uint8_t* staged, int views, int size,
                       const Normalisation& normalisation, Element element,
                       void* batch, cudaStream_t stream);

/// y = clamp(y + bias + addend), in place.
struct EpilogueArguments {
  int64_t pixels = 0;            ///< N * H * W
  int channels = 0;              ///< C
  const float* bias = nullptr;   ///< [C] or null
  const void* addend = nullptr;  ///< as y, or null
  float low = 0;                 ///< bounds; infinite where there is no clamp
  float high = 0;
};
cudaError_t Epilogue(const EpilogueArguments& arguments, Element element,
                     void* y, cudaStream_t stream);

/// A depthwise convolution with bias and clamp. Zeros surround the input; how
/// many follow it is said by the output's size.
struct DepthwiseArguments {
  int images = 0;
  int channels = 0;
  int height = 0, width = 0;  ///< of the input
  int out_height = 0, out_width = 0;
  int kernel_height = 0, kernel_width = 0;
  int stride_height = 1, stride_width = 1;
  int pad_top = 0, pad_left = 0;
  const float* weight = nullptr;  ///< [kernel_height * kernel_width, C]
  const float* bias = nullptr;    ///< [C] or null
  float low = 0;                  ///< bounds; infinite where there is no clamp
  float high = 0;
};
cudaError_t Depthwise(const DepthwiseArguments& arguments, Element element,
                      const void* x, void* y, cudaStream_t stream);

/// Means over the pixels of each channel into `features` + n * `stride` + c
/// and, if asked, population standard deviations C further. Two passes in
/// float32; the same input gives the same bits.
struct PoolArguments {
  int images = 0;      ///< 1 … 65535
  int pixels = 0;      ///< H * W
  int channels = 0;    ///< C
  int64_t stride = 0;  ///< floats from one image's features to the next
  bool deviation = false;
};
cudaError_t PoolMap(const PoolArguments& arguments, Element element,
                    const void* map, float* features, cudaStream_t stream);

/// Bytes that the sums of one picture's statistics take.
/// @param size  side S of the picture
int64_t StatisticsBytes(int size);

/// What PictureStatistics() on the CPU computes, into `features` + n *
/// `stride`. The same input gives the same bits.
struct StatisticsArguments {
  int images = 0;        ///< 1 … 65535
  int size = 0;          ///< side S, [32, 1024]
  Normalisation scale;   ///< what the pictures were normalised with
  int64_t stride = 0;    ///< floats from one image's features to the next
  void* sums = nullptr;  ///< [images, StatisticsBytes(size)], in between
};
/// @param batch  [images,S,S,3] float32
cudaError_t PictureStatistics(const StatisticsArguments& arguments,
                              const float* batch, float* features,
                              cudaStream_t stream);

}  // namespace graphiqa::cuda
