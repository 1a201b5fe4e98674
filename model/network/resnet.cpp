// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "resnet.h"

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>

#include <array>
#include <utility>

#include "conv_norm.h"

namespace graphiqa {
namespace {

using torch::nn::BatchNorm2d;
using torch::nn::Conv2d;

Conv2d MakeConv(int64_t in, int64_t out, int64_t kernel, int64_t stride) {
  return Conv2d(torch::nn::Conv2dOptions(in, out, kernel)
                    .stride(stride)
                    .padding(kernel / 2)
                    .bias(false));
}

/// The 1x1 projection of a shortcut: "0" convolution, "1" norm.
class ShortcutImpl : public torch::nn::Module {
 public:
  ShortcutImpl(int64_t in, int64_t out, int64_t stride)
      : conv_(register_module("0", MakeConv(in, out, 1, stride))),
        norm_(register_module("1", BatchNorm2d(out))) {}

  at::Tensor forward(const at::Tensor& x) { return ConvNorm(conv_, norm_, x); }

 private:
  Conv2d conv_;
  BatchNorm2d norm_;
};
TORCH_MODULE(Shortcut);

/// Basic block (two 3x3) or bottleneck (1x1, 3x3, 1x1 with four times the
/// channels); conv<i> and bn<i>, then the optional downsample.
class BlockImpl : public torch::nn::Module {
 public:
  BlockImpl(int64_t in, int64_t width, int64_t stride, bool bottleneck) {
    const int64_t out = bottleneck ? 4 * width : width;
    if (bottleneck) {
      Add(in, width, 1, 1);
      Add(width, width, 3, stride);
      Add(width, out, 1, 1);
    } else {
      Add(in, width, 3, stride);
      Add(width, out, 3, 1);
    }
    if (stride != 1 || in != out) {
      shortcut_ = register_module("downsample", Shortcut(in, out, stride));
    }
  }

  at::Tensor forward(const at::Tensor& x) {
    at::Tensor y = x;
    for (size_t i = 0; i < convs_.size(); ++i) {
      y = ConvNorm(convs_[i], norms_[i], y,
                   i + 1 < convs_.size() ? kRelu : Clamp());
    }
    return y.add_(shortcut_.is_empty() ? x : shortcut_(x)).relu_();
  }

 private:
  void Add(int64_t in, int64_t out, int64_t kernel, int64_t stride) {
    const std::string index = std::to_string(convs_.size() + 1);
    convs_.push_back(
        register_module("conv" + index, MakeConv(in, out, kernel, stride)));
    norms_.push_back(register_module("bn" + index, BatchNorm2d(out)));
  }

  std::vector<Conv2d> convs_;
  std::vector<BatchNorm2d> norms_;
  Shortcut shortcut_{nullptr};
};
TORCH_MODULE(Block);

/// Blocks "0", "1", … in a row; the first one has the stride.
class StageImpl : public torch::nn::Module {
 public:
  StageImpl(int64_t in, int64_t width, int64_t stride, int blocks,
            bool bottleneck) {
    for (int i = 0; i < blocks; ++i) {
      blocks_.push_back(
          register_module(std::to_string(i),
                          Block(in, width, i == 0 ? stride : 1, bottleneck)));
      in = bottleneck ? 4 * width : width;
    }
  }

  at::Tensor forward(at::Tensor x) {
    for (auto& block : blocks_) x = block(x);
    return x;
  }

 private:
  std::vector<Block> blocks_;
};
TORCH_MODULE(Stage);

class ResNet : public Backbone {
 public:
  ResNet(const std::array<int, 4>& blocks, bool bottleneck)
      : expansion_(bottleneck ? 4 : 1),
        conv_(register_module(
            "0",
            Conv2d(torch::nn::Conv2dOptions(3, 64, 7).stride(2).padding(3).bias(
                false)))),
        norm_(register_module("1", BatchNorm2d(64))) {
    int64_t in = 64;
    for (size_t i = 0; i < blocks.size(); ++i) {
      const int64_t width = int64_t{64} << i;
      stages_.push_back(register_module(
          std::to_string(i + 4),
          Stage(in, width, i == 0 ? 1 : 2, blocks[i], bottleneck)));
      in = width * expansion_;
    }
  }

  std::vector<at::Tensor> Forward(const at::Tensor& images) override {
    at::Tensor x = ConvNorm(conv_, norm_, images, kRelu);
    std::vector<at::Tensor> outputs{at::max_pool2d(x, {3, 3}, {2, 2}, {1, 1})};
    for (auto& stage : stages_) outputs.push_back(stage(outputs.back()));
    return outputs;
  }

  std::vector<std::string> StageNames() const override {
    return {"stem", "stage1", "stage2", "stage3", "stage4"};
  }

  std::vector<int64_t> StageChannels() const override {
    return {64, 64 * expansion_, 128 * expansion_, 256 * expansion_,
            512 * expansion_};
  }

  std::vector<size_t> MultiStages() const override { return {1, 2, 3}; }

  std::string ImportedName(const std::string& published) const override {
    static const std::pair<const char*, const char*> kPrefixes[] = {
        {"conv1.", "0."},  {"bn1.", "1."},    {"layer1.", "4."},
        {"layer2.", "5."}, {"layer3.", "6."}, {"layer4.", "7."}};
    for (const auto& [from, to] : kPrefixes) {
      const std::string prefix = from;
      if (published.compare(0, prefix.size(), prefix) == 0) {
        return to + published.substr(prefix.size());
      }
    }
    return published.compare(0, 3, "fc.") == 0 ? "" : published;
  }

 private:
  int64_t expansion_;
  Conv2d conv_;
  BatchNorm2d norm_;
  std::vector<Stage> stages_;
};

}  // namespace

std::shared_ptr<Backbone> MakeResNet18() {
  return std::make_shared<ResNet>(std::array<int, 4>{2, 2, 2, 2}, false);
}

std::shared_ptr<Backbone> MakeResNet34() {
  return std::make_shared<ResNet>(std::array<int, 4>{3, 4, 6, 3}, false);
}

std::shared_ptr<Backbone> MakeResNet50() {
  return std::make_shared<ResNet>(std::array<int, 4>{3, 4, 6, 3}, true);
}

}  // namespace graphiqa
