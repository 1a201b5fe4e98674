// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "depthwise.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <vector>

#include "clones.h"
#include "rows.h"

namespace graphiqa {
namespace {

/// Sizes of one call: N pictures of H x W x C into OH x OW.
struct Shape {
  int64_t n, c, h, w, oh, ow, kernel, stride, padding;
};

/// Where gradients of one picture's taps and bias are summed.
struct Sums {
  float* taps;  ///< [k,k,C]
  float* bias;  ///< [C]
};

/// The range of output positions o with 0 <= o * stride - padding + k < size.
struct Range {
  int64_t begin, end;
};

Range OutputRange(int64_t k, int64_t size, int64_t out, const Shape& s) {
  const int64_t low = s.padding - k;
  const int64_t begin = low <= 0 ? 0 : (low + s.stride - 1) / s.stride;
  const int64_t last = size - 1 + s.padding - k;
  const int64_t end = last < 0 ? 0 : std::min(out, last / s.stride + 1);
  return {begin, std::max(begin, end)};
}

/// One row of gradients meets one row of inputs: everything that row `ky` of
/// the kernel contributes. All loops run along the channels, which lie side by
/// side in memory.
/// @param gradient        [OW,C]
/// @param input           [W,C]
/// @param input_gradient  [W,C], added to
/// @param taps            [k,C], the kernel's row
/// @param taps_gradient   [k,C], added to
GRAPHIQA_CLONES void MeetRows(const Shape& s, const Range* columns,
                              const float* __restrict gradient,
                              const float* __restrict input,
                              float* __restrict input_gradient,
                              const float* __restrict taps,
                              float* __restrict taps_gradient) {
  const int64_t channels = s.c;
  for (int64_t kx = 0; kx < s.kernel; ++kx) {
    const float* __restrict w = taps + kx * channels;
    float* __restrict w_sum = taps_gradient + kx * channels;
    for (int64_t ox = columns[kx].begin; ox < columns[kx].end; ++ox) {
      const int64_t at = (ox * s.stride - s.padding + kx) * channels;
      const float* __restrict g = gradient + ox * channels;
      const float* __restrict x = input + at;
      float* __restrict x_sum = input_gradient + at;
      for (int64_t i = 0; i < channels; ++i) {
        x_sum[i] += g[i] * w[i];
        w_sum[i] += g[i] * x[i];
      }
    }
  }
}

GRAPHIQA_CLONES void AddRow(const float* __restrict row, int64_t width,
                            int64_t channels, float* __restrict sum) {
  for (int64_t x = 0; x < width; ++x) {
    const float* __restrict values = row + x * channels;
    for (int64_t i = 0; i < channels; ++i) sum[i] += values[i];
  }
}

/// One picture's backward pass. Only the k rows of the input that a row of
/// gradients meets are held widened, so that they stay in the cache.
template <typename T>
class Backward {
 public:
  Backward(const Shape& shape, const T* x, const T* gradient, const float* taps,
           T* x_gradient)
      : s_(shape),
        x_(x),
        gradient_(gradient),
        taps_(taps),
        x_gradient_(x_gradient),
        row_(static_cast<size_t>(s_.ow * s_.c)),
        inputs_(static_cast<size_t>(s_.kernel * s_.w * s_.c)),
        sums_(inputs_.size()) {
    for (int64_t kx = 0; kx < s_.kernel; ++kx) {
      columns_.push_back(OutputRange(kx, s_.w, s_.ow, s_));
    }
  }

  void Run(int64_t picture, const Sums& sums) {
    const T* x = x_ + picture * s_.h * s_.w * s_.c;
    const T* gradient = gradient_ + picture * s_.oh * s_.ow * s_.c;
    T* x_gradient = x_gradient_ + picture * s_.h * s_.w * s_.c;
    int64_t loaded = 0;   // input rows that were brought in
    int64_t written = 0;  // input rows whose gradient is complete
    for (int64_t oy = 0; oy < s_.oh; ++oy) {
      Widen(gradient + oy * s_.ow * s_.c, row_.data(), s_.ow * s_.c);
      AddRow(row_.data(), s_.ow, s_.c, sums.bias);
      const int64_t top = oy * s_.stride - s_.padding;
      for (; written < std::min(top, loaded); ++written) {
        Write(written, x_gradient);
      }
      const int64_t bottom = std::min(top + s_.kernel, s_.h);
      for (; loaded < bottom; ++loaded) Load(x, loaded);
      for (int64_t y = std::max<int64_t>(top, 0); y < bottom; ++y) {
        const int64_t tap = (y - top) * s_.kernel * s_.c;
        MeetRows(s_, columns_.data(), row_.data(), Input(y), Sum(y),
                 taps_ + tap, sums.taps + tap);
      }
    }
    for (; loaded < s_.h; ++loaded) {
      if (written < loaded - s_.kernel + 1) Write(written++, x_gradient);
      Load(x, loaded);
    }
    for (; written < s_.h; ++written) Write(written, x_gradient);
  }

 private:
  // Rows y, y + k, y + 2k, … take turns in one place.
  float* Input(int64_t y) { return inputs_.data() + Place(y); }
  float* Sum(int64_t y) { return sums_.data() + Place(y); }
  int64_t Place(int64_t y) const { return y % s_.kernel * s_.w * s_.c; }

  void Load(const T* x, int64_t y) {
    Widen(x + y * s_.w * s_.c, Input(y), s_.w * s_.c);
    std::fill_n(Sum(y), s_.w * s_.c, 0.0f);
  }

  void Write(int64_t y, T* x_gradient) {
    Narrow(Sum(y), x_gradient + y * s_.w * s_.c, s_.w * s_.c);
  }

  const Shape s_;
  const T* x_;
  const T* gradient_;
  const float* taps_;
  T* x_gradient_;
  std::vector<float> row_;
  std::vector<float> inputs_;
  std::vector<float> sums_;
  std::vector<Range> columns_;
};

/// All pictures; gradients of taps and bias are summed picture by picture in
/// order, so that the result does not depend on the number of threads.
/// @returns [k*k + 1, C]: of the taps, then of the bias
template <typename T>
at::Tensor RunBackward(const Shape& s, const at::Tensor& x,
                       const at::Tensor& gradient, const at::Tensor& taps,
                       at::Tensor* x_gradient) {
  const int64_t size = (s.kernel * s.kernel + 1) * s.c;
  at::Tensor parts = at::zeros({s.n, size}, at::kFloat);
  at::parallel_for(0, s.n, 1, [&](int64_t begin, int64_t end) {
    Backward<T> backward(s, x.const_data_ptr<T>(), gradient.const_data_ptr<T>(),
                         taps.const_data_ptr<float>(),
                         x_gradient->mutable_data_ptr<T>());
    for (int64_t i = begin; i < end; ++i) {
      float* sums = parts.mutable_data_ptr<float>() + i * size;
      backward.Run(i, {sums, sums + size - s.c});
    }
  });
  return parts.sum(0).reshape({-1, s.c});
}

class DepthwiseFunction : public torch::autograd::Function<DepthwiseFunction> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context,
                            const at::Tensor& x, const at::Tensor& weight,
                            const at::Tensor& bias, int64_t kernel,
                            int64_t stride, int64_t padding) {
    const at::Tensor input = x.contiguous(at::MemoryFormat::ChannelsLast);
    context->save_for_backward({input, weight});
    context->saved_data["stride"] = stride;
    context->saved_data["padding"] = padding;
    context->saved_data["kernel"] = kernel;
    return at::conv2d(input, weight, bias, {stride, stride}, {padding, padding},
                      {1, 1}, weight.size(0))
        .contiguous(at::MemoryFormat::ChannelsLast);
  }

  static torch::autograd::variable_list backward(
      torch::autograd::AutogradContext* context,
      torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor& x = saved[0];
    const at::Tensor& weight = saved[1];
    const at::Tensor gradient =
        gradients[0].contiguous(at::MemoryFormat::ChannelsLast);
    const Shape shape{x.size(0),
                      x.size(1),
                      x.size(2),
                      x.size(3),
                      gradient.size(2),
                      gradient.size(3),
                      context->saved_data["kernel"].toInt(),
                      context->saved_data["stride"].toInt(),
                      context->saved_data["padding"].toInt()};
    // [C,1,k,k] to [k*k,C]: channels side by side.
    const at::Tensor taps =
        weight.reshape({shape.c, -1}).t().to(at::kFloat).contiguous();
    at::Tensor x_gradient = at::empty_like(x);
    const at::Tensor sums =
        x.scalar_type() == at::kBFloat16
            ? RunBackward<c10::BFloat16>(shape, x, gradient, taps, &x_gradient)
            : RunBackward<float>(shape, x, gradient, taps, &x_gradient);
    const at::Tensor weight_gradient = sums.narrow(0, 0, sums.size(0) - 1)
                                           .t()
                                           .reshape(weight.sizes())
                                           .to(weight.scalar_type());
    const at::Tensor bias_gradient =
        sums.select(0, sums.size(0) - 1).to(weight.scalar_type());
    return {x_gradient, weight_gradient, bias_gradient, {}, {}, {}};
  }
};

}  // namespace

bool IsPlainDepthwise(const at::Tensor& x, const at::Tensor& weight,
                      int64_t groups) {
  const bool type =
      x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16;
  return type && x.device().is_cpu() && groups > 1 && groups == x.size(1) &&
         weight.size(0) == groups && weight.size(1) == 1 &&
         weight.size(2) == weight.size(3);
}

at::Tensor DepthwiseConv(const at::Tensor& x, const at::Tensor& weight,
                         const at::Tensor& bias,
                         const DepthwiseGeometry& geometry) {
  return DepthwiseFunction::apply(x, weight, bias, geometry.kernel,
                                  geometry.stride, geometry.padding);
}

}  // namespace graphiqa
