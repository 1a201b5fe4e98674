// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "depthwise.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "convolve.h"
#include "depthwise_rows.h"
#include "mask.h"
#include "rows.h"

namespace graphiqa {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Sizes of one call: N pictures of H x W x C into OH x OW.
struct Shape {
  int64_t n, c, h, w, oh, ow, kernel, stride, top, left;
  double high;  ///< results lie between 0 and this; infinity = ReLU, NaN = all

  bool clamped() const { return !std::isnan(high); }

  /// Pixels of a row of inputs with its border.
  int64_t RowPixels() const {
    return std::max((ow - 1) * stride + kernel, left + w);
  }
};

/// Where gradients of one picture's taps and bias are summed.
struct Sums {
  float* taps;  ///< [k,k,C]
  float* bias;  ///< [C]
};

void MaskRow(const c10::BFloat16* gradient, const c10::BFloat16* y, double high,
             int64_t count, c10::BFloat16* masked) {
  graphiqa::MaskRow(reinterpret_cast<const uint16_t*>(gradient),
                    reinterpret_cast<const uint16_t*>(y), Bfloat16Bits(high),
                    count, reinterpret_cast<uint16_t*>(masked));
}

void MaskRow(const float* gradient, const float* y, double high, int64_t count,
             float* masked) {
  graphiqa::MaskRow(reinterpret_cast<const uint32_t*>(gradient),
                    reinterpret_cast<const uint32_t*>(y), FloatBits(high),
                    count, reinterpret_cast<uint32_t*>(masked));
}

/// One picture's backward pass. Only the k rows of the input that a row of
/// gradients meets are held widened, so that they stay in the cache.
template <typename T>
class Backward {
 public:
  struct Maps {
    const T* x;         ///< [N,H,W,C]
    const T* y;         ///< [N,OH,OW,C]; not read without a clamp
    const T* gradient;  ///< as y
    T* x_gradient;      ///< as x
  };

  Backward(const Shape& shape, const Maps& maps, const float* taps)
      : s_(shape),
        maps_(maps),
        taps_(taps),
        row_(static_cast<size_t>(s_.ow * s_.c)),
        masked_(row_.size()),
        inputs_(static_cast<size_t>(s_.kernel * s_.RowPixels() * s_.c)),
        sums_(inputs_.size()) {}

  void Run(int64_t picture, const Sums& sums) {
    const T* x = maps_.x + picture * s_.h * s_.w * s_.c;
    T* x_gradient = maps_.x_gradient + picture * s_.h * s_.w * s_.c;
    int64_t loaded = 0;   // input rows that were brought in
    int64_t written = 0;  // input rows whose gradient is complete
    for (int64_t oy = 0; oy < s_.oh; ++oy) {
      LoadGradient((picture * s_.oh + oy) * s_.ow * s_.c);
      AddRow(row_.data(), s_.ow, s_.c, sums.bias);
      const int64_t top = oy * s_.stride - s_.top;
      for (; written < std::min(top, loaded); ++written) {
        Write(written, x_gradient);
      }
      const int64_t bottom = std::min(top + s_.kernel, s_.h);
      for (; loaded < bottom; ++loaded) {
        if (loaded - written == s_.kernel) Write(written++, x_gradient);
        Load(x, loaded);
      }
      for (int64_t y = std::max<int64_t>(top, 0); y < bottom; ++y) {
        const int64_t tap = (y - top) * s_.kernel * s_.c;
        MeetRows({s_.ow, s_.c, s_.kernel, s_.stride, row_.data(), Input(y),
                  taps_ + tap, Sum(y), sums.taps + tap});
      }
    }
    for (; loaded < s_.h; ++loaded) {
      if (loaded - written == s_.kernel) Write(written++, x_gradient);
      Load(x, loaded);
    }
    for (; written < s_.h; ++written) Write(written, x_gradient);
  }

 private:
  // Rows y, y + k, y + 2k, … take turns in one place.
  float* Input(int64_t y) { return inputs_.data() + Place(y); }
  float* Sum(int64_t y) { return sums_.data() + Place(y); }
  int64_t Place(int64_t y) const {
    return y % s_.kernel * s_.RowPixels() * s_.c;
  }

  void LoadGradient(int64_t at) {
    const int64_t count = s_.ow * s_.c;
    const T* gradient = maps_.gradient + at;
    if (s_.clamped()) {
      MaskRow(gradient, maps_.y + at, s_.high, count, masked_.data());
      gradient = masked_.data();
    }
    Widen(gradient, row_.data(), count);
  }

  // The border stays as it was made: 0.
  void Load(const T* x, int64_t y) {
    Widen(x + y * s_.w * s_.c, Input(y) + s_.left * s_.c, s_.w * s_.c);
    std::fill_n(Sum(y), s_.RowPixels() * s_.c, 0.0f);
  }

  void Write(int64_t y, T* x_gradient) {
    Narrow(Sum(y) + s_.left * s_.c, x_gradient + y * s_.w * s_.c, s_.w * s_.c);
  }

  const Shape s_;
  const Maps maps_;
  const float* taps_;
  std::vector<float> row_;
  std::vector<T> masked_;
  std::vector<float> inputs_;
  std::vector<float> sums_;
};

/// All pictures; gradients of taps and bias are summed picture by picture in
/// order, so that the result does not depend on the number of threads.
/// @param y  what the forward pass gave
/// @returns [k*k + 1, C]: of the taps, then of the bias
template <typename T>
at::Tensor RunBackward(const Shape& s, const at::Tensor& x, const at::Tensor& y,
                       const at::Tensor& gradient, const at::Tensor& taps,
                       at::Tensor* x_gradient) {
  const int64_t size = (s.kernel * s.kernel + 1) * s.c;
  at::Tensor parts = at::zeros({s.n, size}, at::kFloat);
  at::parallel_for(0, s.n, 1, [&](int64_t begin, int64_t end) {
    Backward<T> backward(
        s,
        {x.const_data_ptr<T>(), y.const_data_ptr<T>(),
         gradient.const_data_ptr<T>(), x_gradient->mutable_data_ptr<T>()},
        taps.const_data_ptr<float>());
    for (int64_t i = begin; i < end; ++i) {
      float* sums = parts.mutable_data_ptr<float>() + i * size;
      backward.Run(i, {sums, sums + size - s.c});
    }
  });
  return parts.sum(0).reshape({-1, s.c});
}

class DepthwiseFunction : public torch::autograd::Function<DepthwiseFunction> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x,
                            const at::Tensor& weight, const at::Tensor& bias,
                            const ConvSpec& spec) {
    const at::Tensor input = x.contiguous(at::MemoryFormat::ChannelsLast);
    const at::Tensor y = Convolve(input, weight, bias, spec)
                             .contiguous(at::MemoryFormat::ChannelsLast);
    context->save_for_backward({input, weight, y});
    context->saved_data["stride"] = spec.stride;
    context->saved_data["top"] = spec.border.top;
    context->saved_data["left"] = spec.border.left;
    context->saved_data["high"] =
        spec.clamp.none() ? std::nan("") : spec.clamp.high;
    return y;
  }

  static variable_list backward(AutogradContext* context,
                                variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor& x = saved[0];
    const at::Tensor& weight = saved[1];
    const at::Tensor gradient =
        gradients[0].contiguous(at::MemoryFormat::ChannelsLast);
    const auto number = [context](const char* name) {
      return context->saved_data[name].toInt();
    };
    const Shape shape{x.size(0),
                      x.size(1),
                      x.size(2),
                      x.size(3),
                      gradient.size(2),
                      gradient.size(3),
                      weight.size(2),
                      number("stride"),
                      number("top"),
                      number("left"),
                      context->saved_data["high"].toDouble()};
    // [C,1,k,k] to [k*k,C]: channels side by side.
    const at::Tensor taps =
        weight.reshape({shape.c, -1}).t().to(at::kFloat).contiguous();
    at::Tensor x_gradient = at::empty_like(x);
    const at::Tensor sums =
        x.scalar_type() == at::kBFloat16
            ? RunBackward<c10::BFloat16>(shape, x, saved[2], gradient, taps,
                                         &x_gradient)
            : RunBackward<float>(shape, x, saved[2], gradient, taps,
                                 &x_gradient);
    const at::Tensor weight_gradient = sums.narrow(0, 0, sums.size(0) - 1)
                                           .t()
                                           .reshape(weight.sizes())
                                           .to(weight.scalar_type());
    const at::Tensor bias_gradient =
        sums.select(0, sums.size(0) - 1).to(weight.scalar_type());
    return {x_gradient, weight_gradient, bias_gradient, {}};
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
                         const at::Tensor& bias, const ConvSpec& spec) {
  return DepthwiseFunction::apply(x, weight, bias, spec);
}

}  // namespace graphiqa
