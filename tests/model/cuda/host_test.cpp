// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// What the CUDA module computes on the CPU: needs no device.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "batch_plan.h"
#include "engine/plan_fusion.h"
#include "engine/plan_trace.h"
#include "filter_table.h"
#include "network/network.h"
#include "plan_prepare.h"

namespace graphiqa::cuda {
namespace {

/// [output, input] matrix of a table.
at::Tensor AsMatrix(const FilterTable& table, int input) {
  const auto output = static_cast<int64_t>(table.spans.size());
  at::Tensor matrix = at::zeros({output, input});
  for (int64_t i = 0; i < output; ++i) {
    const FilterSpan& span = table.spans[static_cast<size_t>(i)];
    for (int j = 0; j < span.count; ++j) {
      matrix[i][span.start + j] =
          table.weights[static_cast<size_t>(i * table.taps + j)];
    }
  }
  return matrix;
}

struct Axis {
  int input;
  int output;
};

class FilterTableTest : public testing::TestWithParam<Axis> {};

TEST_P(FilterTableTest, ScalesAsLibTorchDoes) {
  const auto [input, output] = GetParam();
  at::manual_seed(7);
  const at::Tensor pixels =
      at::randint(0, 256, {1, 1, input, input}, at::kFloat);
  const at::Tensor wanted =
      at::_upsample_bilinear2d_aa(pixels, {output, output}, false)[0][0];
  const at::Tensor matrix = AsMatrix(MakeFilterTable(input, output), input);
  const at::Tensor got = at::mm(matrix, at::mm(pixels[0][0], matrix.t()));
  EXPECT_LE((got - wanted).abs().max().item<float>(), 2e-3)
      << input << " to " << output;
}

TEST_P(FilterTableTest, WeightsSumToOneAndStayInside) {
  const auto [input, output] = GetParam();
  const FilterTable table = MakeFilterTable(input, output);
  for (size_t i = 0; i < table.spans.size(); ++i) {
    const FilterSpan& span = table.spans[i];
    ASSERT_GE(span.start, 0);
    ASSERT_GE(span.count, 1);
    ASSERT_LE(span.count, table.taps);
    ASSERT_LE(span.start + span.count, input);
    float sum = 0;
    for (int j = 0; j < span.count; ++j) {
      sum += table.weights[i * static_cast<size_t>(table.taps) +
                           static_cast<size_t>(j)];
    }
    ASSERT_NEAR(sum, 1, 1e-5) << "output " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, FilterTableTest,
                         testing::Values(Axis{1, 32}, Axis{2, 32}, Axis{16, 64},
                                         Axis{63, 64}, Axis{64, 64},
                                         Axis{65, 64}, Axis{100, 64},
                                         Axis{384, 320}, Axis{719, 224},
                                         Axis{1080, 320}, Axis{2160, 32}));

TEST(BatchPlanTest, SizesArePowersOfTwoAndTheLargest) {
  EXPECT_EQ(BatchPlan(1).sizes(), (std::vector<int64_t>{1}));
  EXPECT_EQ(BatchPlan(8).sizes(), (std::vector<int64_t>{1, 2, 4, 8}));
  EXPECT_EQ(BatchPlan(20).sizes(), (std::vector<int64_t>{1, 2, 4, 8, 16, 20}));
  EXPECT_EQ(BatchPlan(0).most(), BatchPlan::kAutoBatch);
  EXPECT_EQ(BatchPlan(1 << 20).most(), BatchPlan::kMostBatch);
}

TEST(BatchPlanTest, TakesAllViewsWithLittlePadding) {
  for (const int most : {1, 3, 8, 20, 32, 256}) {
    const BatchPlan plan(most);
    for (int64_t views = 1; views <= 600; ++views) {
      int64_t left = views;
      while (left > 0) {
        const int64_t taken = plan.Take(left);
        ASSERT_GE(taken, 1);
        ASSERT_LE(taken, left);
        const int64_t size = plan.SizeFor(taken);
        ASSERT_GE(size, taken);
        ASSERT_TRUE(size <= 8 || 4 * (size - taken) <= size)
            << taken << " views in a batch of " << size;
        left -= taken;
      }
    }
  }
}

TEST(BatchPlanTest, HalvesDownToOneView) {
  BatchPlan plan(20);
  EXPECT_TRUE(plan.Halve(20));
  EXPECT_EQ(plan.sizes(), (std::vector<int64_t>{1, 2, 4, 8, 10}));
  EXPECT_TRUE(plan.Halve(8));
  EXPECT_EQ(plan.most(), 4);
  EXPECT_TRUE(plan.Halve(4));
  EXPECT_TRUE(plan.Halve(2));
  EXPECT_EQ(plan.sizes(), (std::vector<int64_t>{1}));
  EXPECT_FALSE(plan.Halve(1));
  EXPECT_EQ(plan.most(), 1);
}

/// Depthwise convolutions go the way of the GPU's kernel: trimmed weights,
/// zeros before, as many after as the output needs.
at::Tensor RunDepthwise(PlanOp op, const at::Tensor& x) {
  const int64_t height = (x.size(2) + Reach(op, 0)) / op.stride[0] + 1;
  const int64_t width = (x.size(3) + Reach(op, 1)) / op.stride[1] + 1;
  const UnevenPadding before = TrimDepthwise(&op);
  const auto after = [](int64_t out, int64_t stride, int64_t kernel,
                        int64_t ahead, int64_t size) {
    return (out - 1) * stride + kernel - ahead - size;
  };
  const int64_t bottom =
      after(height, op.stride[0], op.weight.size(2), before.top, x.size(2));
  const int64_t right =
      after(width, op.stride[1], op.weight.size(3), before.left, x.size(3));
  const at::Tensor padded =
      at::constant_pad_nd(x, {before.left, right, before.top, bottom});
  const std::vector<int64_t> none{0, 0};
  return at::conv2d(padded, op.weight, op.bias, op.stride, none, op.dilation,
                    op.groups);
}

at::Tensor RunOp(const PlanOp& op, const std::vector<at::Tensor>& slots) {
  const at::Tensor& x = slots[static_cast<size_t>(op.inputs[0])];
  if (op.kind == PlanOpKind::kMaxPool) {
    return at::max_pool2d(x, op.kernel, op.stride, op.padding, op.dilation);
  }
  EXPECT_EQ(op.kind, PlanOpKind::kConv);
  at::Tensor y = IsDepthwise(op)
                     ? RunDepthwise(op, x)
                     : at::conv2d(x, op.weight, op.bias, op.stride, op.padding,
                                  op.dilation, op.groups);
  if (op.inputs.size() == 2) y = y + slots[static_cast<size_t>(op.inputs[1])];
  return op.clamped ? y.clamp(op.low, op.high) : y;
}

class PlanPrepareTest : public testing::TestWithParam<const char*> {
 protected:
  PlanPrepareTest() {
    at::manual_seed(3);
    backbone_ = FindBackbone(GetParam()).make();
    // Norms that do something: running statistics of their own.
    for (const auto& item : backbone_->named_buffers()) {
      if (item.value().dim() == 1) item.value().uniform_(0.5, 1.5);
    }
    backbone_->eval();
    graph_ = TraceBackbone(*backbone_, kSize);
    FuseOperators(&graph_);
    MoveShortcutBias(&graph_);
  }

  static constexpr int64_t kSize = 64;
  const at::NoGradGuard no_grad_;
  std::shared_ptr<Backbone> backbone_;
  PlanGraph graph_;
};

TEST_P(PlanPrepareTest, PreparedGraphComputesTheBackbone) {
  const at::Tensor images = at::randn({2, 3, kSize, kSize});
  std::vector<at::Tensor> slots(static_cast<size_t>(graph_.slots));
  slots[static_cast<size_t>(graph_.input)] = images;
  for (const PlanOp& op : graph_.ops) {
    slots[static_cast<size_t>(op.output)] = RunOp(op, slots);
  }
  const std::vector<at::Tensor> wanted = backbone_->Forward(images);
  ASSERT_EQ(graph_.stages.size(), wanted.size());
  for (size_t i = 0; i < wanted.size(); ++i) {
    const at::Tensor& got = slots[static_cast<size_t>(graph_.stages[i])];
    ASSERT_EQ(got.sizes(), wanted[i].sizes());
    const float scale = wanted[i].abs().max().item<float>();
    EXPECT_LE((got - wanted[i]).abs().max().item<float>(), 1e-4f * scale)
        << GetParam() << " " << backbone_->StageNames()[i];
  }
}

TEST_P(PlanPrepareTest, NothingIsLeftToAddAfterShortcuts) {
  for (const PlanOp& op : graph_.ops) {
    if (op.kind != PlanOpKind::kConv || op.inputs.size() != 2) continue;
    for (const PlanOp& other : graph_.ops) {
      const bool shortcut = other.output == op.inputs[1] && !other.clamped &&
                            other.kind == PlanOpKind::kConv &&
                            std::string(GetParam()).rfind("resnet", 0) == 0;
      EXPECT_FALSE(shortcut && other.bias.defined());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Backbones, PlanPrepareTest,
                         testing::Values("resnet18", "resnet34", "resnet50",
                                         "efficientnet_lite0"));

}  // namespace
}  // namespace graphiqa::cuda
