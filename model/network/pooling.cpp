// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "pooling.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "clones.h"
#include "rows.h"

namespace graphiqa {
namespace {

constexpr int64_t kBlock = 4096;  // values widened at a time: stay in the cache

/// Pixels of one picture, runs of them that lie side by side.
struct Extent {
  int64_t pixels, channels;  ///< of a run
  int64_t runs = 1;
  int64_t distance = 0;  ///< values from one run to the next

  int64_t BlockPixels() const {
    return std::max<int64_t>(kBlock / channels, 1);
  }
  int64_t AllPixels() const { return pixels * runs; }
};

GRAPHIQA_CLONES void AddValues(const float* __restrict rows, int64_t pixels,
                               int64_t channels, float* __restrict sums) {
  for (int64_t p = 0; p < pixels; ++p) {
    const float* __restrict row = rows + p * channels;
    for (int64_t c = 0; c < channels; ++c) sums[c] += row[c];
  }
}

GRAPHIQA_CLONES void AddSquares(const float* __restrict rows, int64_t pixels,
                                int64_t channels,
                                const float* __restrict centre,
                                float* __restrict sums) {
  for (int64_t p = 0; p < pixels; ++p) {
    const float* __restrict row = rows + p * channels;
    for (int64_t c = 0; c < channels; ++c) {
      const float off = row[c] - centre[c];
      sums[c] += off * off;
    }
  }
}

GRAPHIQA_CLONES void ScaleAndShift(float* __restrict rows, int64_t pixels,
                                   int64_t channels,
                                   const float* __restrict scale,
                                   const float* __restrict shift) {
  for (int64_t p = 0; p < pixels; ++p) {
    float* __restrict row = rows + p * channels;
    for (int64_t c = 0; c < channels; ++c)
      row[c] = row[c] * scale[c] + shift[c];
  }
}

/// Calls visit(first pixel, widened rows, pixels) block by block.
template <typename T, typename Visit>
void ForBlocks(const T* map, const Extent& extent, std::vector<float>* buffer,
               const Visit& visit) {
  const int64_t step = extent.BlockPixels();
  buffer->resize(static_cast<size_t>(step * extent.channels));
  for (int64_t run = 0; run < extent.runs; ++run) {
    const T* const values = map + run * extent.distance;
    for (int64_t first = 0; first < extent.pixels; first += step) {
      const int64_t pixels = std::min(step, extent.pixels - first);
      Widen(values + first * extent.channels, buffer->data(),
            pixels * extent.channels);
      visit(first, buffer->data(), pixels);
    }
  }
}

/// Two passes, because a one-pass variance loses its digits where the mean is
/// large against the deviation.
template <typename T>
void PoolImage(const T* map, const Extent& extent, bool deviation, float* out) {
  const int64_t channels = extent.channels;
  const float scale = 1.0f / static_cast<float>(extent.AllPixels());
  std::vector<float> buffer;
  std::fill(out, out + channels, 0.0f);
  ForBlocks(map, extent, &buffer, [&](int64_t, float* rows, int64_t pixels) {
    AddValues(rows, pixels, channels, out);
  });
  for (int64_t c = 0; c < channels; ++c) out[c] *= scale;
  if (!deviation) return;
  float* squares = out + channels;
  std::fill(squares, squares + channels, 0.0f);
  ForBlocks(map, extent, &buffer, [&](int64_t, float* rows, int64_t pixels) {
    AddSquares(rows, pixels, channels, out, squares);
  });
  for (int64_t c = 0; c < channels; ++c) {
    squares[c] = std::sqrt(squares[c] * scale);
  }
}

/// The gradient of a picture's means and deviations:
/// g_mean / P + g_deviation (x - mean) / (P deviation).
/// @param pooled,gradient  [2c]
template <typename T>
void PoolImageBackward(const T* map, const Extent& extent, const float* pooled,
                       const float* gradient, T* map_gradient) {
  const int64_t channels = extent.channels;
  const float part = 1.0f / static_cast<float>(extent.pixels);
  std::vector<float> scale(static_cast<size_t>(channels));
  std::vector<float> shift(scale.size());
  for (int64_t c = 0; c < channels; ++c) {
    const float deviation = pooled[channels + c];
    const auto at = static_cast<size_t>(c);
    scale[at] =
        deviation > 0 ? gradient[channels + c] * part / deviation : 0.0f;
    shift[at] = gradient[c] * part - scale[at] * pooled[c];
  }
  std::vector<float> buffer;
  ForBlocks(map, extent, &buffer,
            [&](int64_t first, float* rows, int64_t pixels) {
              ScaleAndShift(rows, pixels, channels, scale.data(), shift.data());
              Narrow(rows, map_gradient + first * channels, pixels * channels);
            });
}

Extent ExtentOf(const at::Tensor& map) {
  return {map.size(2) * map.size(3), map.size(1), 1, 0};
}

Extent ExtentOf(const MapRows& rows) {
  const bool dense = rows.row == rows.width * rows.channels;
  return dense ? Extent{rows.height * rows.width, rows.channels, 1, 0}
               : Extent{rows.width, rows.channels, rows.height, rows.row};
}

template <typename T>
void PoolImages(const at::Tensor& map, bool deviation, int64_t column,
                at::Tensor* features) {
  const Extent extent = ExtentOf(map);
  const T* from = map.const_data_ptr<T>();
  float* to = features->data_ptr<float>() + column;
  const int64_t stride = features->stride(0);
  at::parallel_for(0, map.size(0), 1, [&](int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; ++n) {
      PoolImage(from + n * extent.pixels * extent.channels, extent, deviation,
                to + n * stride);
    }
  });
}

template <typename T>
at::Tensor PoolImagesBackward(const at::Tensor& map, const at::Tensor& pooled,
                              const at::Tensor& gradient) {
  const Extent extent = ExtentOf(map);
  at::Tensor result = at::empty_like(map);
  const T* from = map.const_data_ptr<T>();
  T* to = result.mutable_data_ptr<T>();
  at::parallel_for(0, map.size(0), 1, [&](int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; ++n) {
      const int64_t at = n * extent.pixels * extent.channels;
      PoolImageBackward(from + at, extent,
                        pooled.const_data_ptr<float>() + n * pooled.size(1),
                        gradient.const_data_ptr<float>() + n * pooled.size(1),
                        to + at);
    }
  });
  return result;
}

class PoolFunction : public torch::autograd::Function<PoolFunction> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context,
                            const at::Tensor& x) {
    const at::Tensor map = x.contiguous(at::MemoryFormat::ChannelsLast);
    at::Tensor pooled = at::empty({map.size(0), 2 * map.size(1)}, at::kFloat);
    PoolMap(map, true, 0, &pooled);
    context->save_for_backward({map, pooled});
    return pooled;
  }

  static torch::autograd::variable_list backward(
      torch::autograd::AutogradContext* context,
      torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor gradient = gradients[0].contiguous();
    return {
        saved[0].scalar_type() == at::kBFloat16
            ? PoolImagesBackward<c10::BFloat16>(saved[0], saved[1], gradient)
            : PoolImagesBackward<float>(saved[0], saved[1], gradient)};
  }
};

}  // namespace

void PoolMap(const at::Tensor& map, bool deviation, int64_t column,
             at::Tensor* features) {
  const at::Tensor rows = map.contiguous(at::MemoryFormat::ChannelsLast);
  if (rows.scalar_type() == at::kBFloat16) {
    PoolImages<c10::BFloat16>(rows, deviation, column, features);
  } else {
    PoolImages<float>(rows, deviation, column, features);
  }
}

void PoolRows(const c10::BFloat16* map, const MapRows& rows, bool deviation,
              float* out) {
  PoolImage(map, ExtentOf(rows), deviation, out);
}

void PoolRows(const float* map, const MapRows& rows, bool deviation,
              float* out) {
  PoolImage(map, ExtentOf(rows), deviation, out);
}

at::Tensor MeanAndDeviation(const at::Tensor& map) {
  const at::ScalarType type = map.scalar_type();
  if (map.device().is_cpu() && (type == at::kFloat || type == at::kBFloat16)) {
    return PoolFunction::apply(map);
  }
  const auto [deviation, mean] =
      at::std_mean(type == at::kBFloat16 ? map.to(at::kFloat) : map,
                   at::IntArrayRef{2, 3}, c10::Scalar(0));
  return at::cat({mean, deviation}, 1);
}

}  // namespace graphiqa
