// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// Times the backward pass of depthwise convolutions as EfficientNet-Lite0 has
/// them at 320 pixels, ours against LibTorch's, in turns, and prints a Markdown
/// table of medians.
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "network/depthwise.h"

namespace graphiqa {
namespace {

constexpr int kRounds = 7;
constexpr int64_t kPictures = 8;

struct Shape {
  int64_t channels, side, kernel, stride;
};

constexpr Shape kShapes[] = {{32, 160, 3, 1},  {96, 160, 3, 2}, {144, 80, 3, 1},
                             {144, 80, 5, 2},  {240, 40, 5, 1}, {240, 40, 3, 2},
                             {480, 20, 3, 1},  {480, 20, 5, 1}, {672, 20, 5, 2},
                             {1152, 10, 5, 1}, {1152, 10, 3, 1}};

double BackwardMs(const Shape& s, at::ScalarType type, bool own) {
  const auto leaf = [type](const at::Tensor& values) {
    return values.to(type).detach().set_requires_grad(true);
  };
  const at::Tensor x = leaf(at::randn({kPictures, s.channels, s.side, s.side})
                                .contiguous(at::MemoryFormat::ChannelsLast));
  const at::Tensor weight =
      leaf(at::randn({s.channels, 1, s.kernel, s.kernel}));
  const at::Tensor bias = leaf(at::randn({s.channels}));
  const int64_t padding = s.kernel / 2;
  const at::Tensor y =
      own ? DepthwiseConv(x, weight, bias,
                          {s.stride, s.channels,
                           Border{padding, padding, padding, padding}, Clamp()})
          : at::conv2d(x, weight, bias, {s.stride, s.stride},
                       {padding, padding}, {1, 1}, s.channels);
  const at::Tensor gradient =
      at::randn(y.sizes()).to(type).contiguous(at::MemoryFormat::ChannelsLast);
  const auto start = std::chrono::steady_clock::now();
  y.backward(gradient);
  return std::chrono::duration<double, std::milli>(
             std::chrono::steady_clock::now() - start)
      .count();
}

double Median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + kRounds / 2, values.end());
  return values[kRounds / 2];
}

void Row(const Shape& s, at::ScalarType type) {
  std::vector<double> theirs;
  std::vector<double> ours;
  for (int round = -1; round < kRounds; ++round) {
    const double t = BackwardMs(s, type, false);
    const double o = BackwardMs(s, type, true);
    if (round < 0) continue;  // warm-up
    theirs.push_back(t);
    ours.push_back(o);
  }
  std::printf("| %s | %ld | %ld | %ld | %ld | %.1f | %.1f | %.1f |\n",
              type == at::kFloat ? "fp32" : "bf16", s.channels, s.side,
              s.kernel, s.stride, Median(theirs), Median(ours),
              Median(theirs) / Median(ours));
}

}  // namespace
}  // namespace graphiqa

int main(int argc, char** argv) {
  if (argc > 1) at::set_num_threads(std::atoi(argv[1]));
  std::printf(
      "%ld pictures, %d threads, median of %d, ms\n\n| type | channels | side "
      "| kernel | stride | LibTorch | ours | times faster |\n| --- | --- | --- "
      "| --- | --- | --- | --- | --- |\n",
      graphiqa::kPictures, at::get_num_threads(), graphiqa::kRounds);
  for (at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    for (const graphiqa::Shape& shape : graphiqa::kShapes) {
      graphiqa::Row(shape, type);
    }
  }
  return 0;
}
