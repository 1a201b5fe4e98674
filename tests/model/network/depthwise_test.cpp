// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "network/depthwise.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "network/conv_norm.h"
#include "network/convolve.h"
#include "network/pooling.h"

namespace graphiqa {
namespace {

struct Case {
  int64_t channels, height, width, kernel, stride;
  Border border;
  Clamp clamp = {};

  ConvSpec Spec() const { return {stride, channels, border, clamp}; }
};

std::string Name(const Case& c) {
  return std::to_string(c.channels) + "x" + std::to_string(c.height) + "x" +
         std::to_string(c.width) + " kernel " + std::to_string(c.kernel) +
         " stride " + std::to_string(c.stride);
}

// Sizes of EfficientNet-Lite0, odd ones, kernels of other sizes, borders that
// differ, and pictures smaller than the kernel.
const std::vector<Case> kCases = {{32, 20, 24, 3, 1, {1, 1, 1, 1}, kRelu6},
                                  {96, 17, 16, 3, 2, {0, 1, 0, 1}, kRelu6},
                                  {40, 12, 12, 5, 1, {2, 2, 2, 2}, kRelu},
                                  {24, 15, 13, 5, 2, {1, 2, 1, 2}, {}},
                                  {16, 15, 13, 5, 2, {2, 0, 1, 0}, kRelu6},
                                  {7, 9, 5, 3, 2, {1, 1, 1, 1}, {}},
                                  {3, 2, 2, 5, 1, {2, 2, 2, 2}, kRelu},
                                  {1, 4, 4, 3, 1, {1, 1, 1, 1}, {}},
                                  {17, 9, 8, 7, 2, {3, 3, 3, 3}, kRelu6},
                                  {32, 5, 6, 1, 2, {}, kRelu},
                                  {5, 3, 8, 5, 2, {2, 2, 2, 2}, {}}};

struct Gradients {
  at::Tensor y, x, weight, bias;
};

Gradients Differentiate(const Case& c, at::ScalarType type, bool own) {
  at::manual_seed(7);
  const auto leaf = [type](at::Tensor values) {
    return values.to(type).detach().set_requires_grad(true);
  };
  const at::Tensor x = leaf(at::randn({3, c.channels, c.height, c.width})
                                .contiguous(at::MemoryFormat::ChannelsLast));
  const at::Tensor weight =
      leaf(at::randn({c.channels, 1, c.kernel, c.kernel}));
  const at::Tensor bias = leaf(at::randn({c.channels}));
  const int64_t stride[] = {c.stride, c.stride};
  const int64_t padding[] = {0, 0};
  const at::Tensor y =
      own ? DepthwiseConv(x, weight, bias, c.Spec())
          : Clamped(at::conv2d(Bordered(x, c.border), weight, bias,
                               at::IntArrayRef(stride),
                               at::IntArrayRef(padding), {1, 1}, c.channels),
                    c.clamp);
  y.backward(at::randn(y.sizes()).to(type));
  return {y.detach(), x.grad(), weight.grad(), bias.grad()};
}

void ExpectNear(const std::string& what, const at::Tensor& got,
                const at::Tensor& wanted, double eps) {
  ASSERT_EQ(got.sizes(), wanted.sizes()) << what;
  const double scale =
      std::max(1e-6, wanted.abs().max().to(at::kDouble).item<double>());
  const double worst =
      (got.to(at::kDouble) - wanted.to(at::kDouble)).abs().max().item<double>();
  EXPECT_LE(worst, eps * scale) << what;
}

void Compare(const Case& c, at::ScalarType type, double eps) {
  const Gradients own = Differentiate(c, type, true);
  const Gradients theirs = Differentiate(c, type, false);
  ExpectNear(Name(c) + " y", own.y, theirs.y, eps);
  ExpectNear(Name(c) + " x", own.x, theirs.x, eps);
  ExpectNear(Name(c) + " weight", own.weight, theirs.weight, eps);
  ExpectNear(Name(c) + " bias", own.bias, theirs.bias, eps);
}

TEST(DepthwiseTest, GradientsEqualLibTorchsInFloat) {
  for (const Case& c : kCases) Compare(c, at::kFloat, 1e-5);
}

TEST(DepthwiseTest, GradientsEqualLibTorchsInBfloat) {
  for (const Case& c : kCases) Compare(c, at::kBFloat16, 2e-2);
}

TEST(DepthwiseTest, ResultDoesNotDependOnThreads) {
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const Gradients one = Differentiate(kCases[0], at::kFloat, true);
  at::set_num_threads(3);
  const Gradients three = Differentiate(kCases[0], at::kFloat, true);
  at::set_num_threads(threads);
  EXPECT_TRUE(one.x.equal(three.x));
  EXPECT_TRUE(one.weight.equal(three.weight));
  EXPECT_TRUE(one.bias.equal(three.bias));
}

/// Folding a norm into its convolution changes neither the result nor the
/// gradients.
TEST(ConvNormTest, FoldedEqualsPlain) {
  at::manual_seed(3);
  const std::vector<Clamp> clamps = {Clamp(), kRelu, kRelu6};
  for (int i = 0; i < 6; ++i) {
    const int64_t groups = i % 2 == 0 ? 1 : 8;
    const Clamp clamp = clamps[static_cast<size_t>(i / 2)];
    torch::nn::Conv2d conv(
        torch::nn::Conv2dOptions(8, 8, 3).padding(1).groups(groups).bias(
            false));
    torch::nn::BatchNorm2d norm(8);
    norm->running_mean.copy_(at::randn({8}));
    norm->running_var.copy_(at::rand({8}) + 0.5);
    {
      const at::NoGradGuard no_grad;
      norm->weight.copy_(at::randn({8}));
      norm->bias.copy_(at::randn({8}));
    }
    norm->eval();
    const at::Tensor x = at::randn({2, 8, 7, 9});
    const auto run = [&](bool folded) {
      conv->zero_grad();
      norm->zero_grad();
      const at::Tensor y = folded ? ConvNorm(conv, norm, x, clamp)
                                  : Clamped(norm(conv(x)), clamp);
      y.square().sum().backward();
      return Gradients{y.detach(), norm->bias.grad().clone(),
                       conv->weight.grad().clone(),
                       norm->weight.grad().clone()};
    };
    const Gradients plain = run(false);
    const Gradients folded = run(true);
    ExpectNear("y", folded.y, plain.y, 1e-5);
    ExpectNear("bias", folded.x, plain.x, 1e-5);
    ExpectNear("weight", folded.weight, plain.weight, 1e-4);
    ExpectNear("scale", folded.bias, plain.bias, 1e-4);
  }
}

/// Where nothing needs a gradient everything is one fused pass: the same
/// result, whatever the border and the clamp.
TEST(ConvNormTest, FusedEqualsPlain) {
  at::manual_seed(5);
  const at::NoGradGuard no_grad;
  struct FusedCase {
    int64_t groups, kernel, stride;
    Border border;
    Clamp clamp;
  };
  const std::vector<FusedCase> cases = {{1, 3, 1, {}, {}},
                                        {1, 3, 2, {0, 1, 0, 1}, kRelu6},
                                        {8, 5, 2, {1, 2, 2, 2}, kRelu},
                                        {8, 3, 2, {1, 0, 0, 1}, kRelu6},
                                        {8, 3, 1, {1, 1, 1, 1}, kRelu6}};
  for (const FusedCase& c : cases) {
    torch::nn::Conv2d conv(torch::nn::Conv2dOptions(8, 8, c.kernel)
                               .stride(c.stride)
                               .groups(c.groups)
                               .bias(false));
    conv->weight.set_requires_grad(false);
    torch::nn::BatchNorm2d norm(8);
    norm->running_mean.copy_(at::randn({8}));
    norm->running_var.copy_(at::rand({8}) + 0.5);
    norm->weight.copy_(at::randn({8})).set_requires_grad(false);
    norm->bias.copy_(at::randn({8})).set_requires_grad(false);
    norm->eval();
    const at::Tensor x =
        at::randn({2, 8, 11, 9}).contiguous(at::MemoryFormat::ChannelsLast);
    const at::Tensor plain = ConvNorm(conv, norm, x, c.clamp, c.border);
    at::Tensor fused;
    {
      const at::AutoGradMode grad(true);  // frozen stages of a training step
      fused = ConvNorm(conv, norm, x, c.clamp, c.border);
    }
    EXPECT_FALSE(fused.requires_grad());
    ExpectNear("kernel " + std::to_string(c.kernel), fused, plain, 1e-5);
  }
}

/// Means, deviations and their gradients equal LibTorch's.
TEST(PoolingTest, GradientsEqualLibTorchs) {
  at::manual_seed(9);
  const auto run = [](const at::Tensor& map, bool own) {
    const at::Tensor x = map.detach().requires_grad_(true);
    at::Tensor pooled;
    if (own) {
      pooled = MeanAndDeviation(x);
    } else {
      const auto [deviation, mean] =
          at::std_mean(x.to(at::kFloat), at::IntArrayRef{2, 3}, c10::Scalar(0));
      pooled = at::cat({mean, deviation}, 1);
    }
    const at::Tensor weights = at::arange(pooled.numel()).reshape_as(pooled);
    (pooled * weights.to(at::kFloat).sin()).sum().backward();
    return std::make_pair(pooled.detach(), x.grad());
  };
  for (const int64_t channels : {1, 7, 96, 5000}) {
    at::Tensor map = at::randn({3, channels, 6, 5}) + 3;
    map.select(1, 0).fill_(0.25);  // a constant channel
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
      const auto own = run(map.to(type), true);
      const auto theirs = run(map.to(type), false);
      const std::string what = std::to_string(channels) + " channels";
      ExpectNear(what, own.first, theirs.first, 1e-5);
      ExpectNear(what + ", gradient", own.second, theirs.second,
                 type == at::kFloat ? 1e-4 : 1e-2);
    }
  }
}

}  // namespace
}  // namespace graphiqa
