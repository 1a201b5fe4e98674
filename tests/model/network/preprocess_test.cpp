// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Pixels on their way into the network, against LibTorch's operators.
#include "network/preprocess.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

#include "area_filter.h"

namespace graphiqa {
namespace {

constexpr int kSize = 64;

InputInfo Input() {
  InputInfo input;
  input.views.view_size_px = kSize;
  input.mean = {0.485f, 0.456f, 0.406f};
  input.std = {0.229f, 0.224f, 0.225f};
  return input;
}

std::vector<uint8_t> RandomBytes(size_t count) {
  std::mt19937 random(7);
  std::vector<uint8_t> bytes(count);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random() >> 8);
  return bytes;
}

ViewPixels RandomView(ViewKind kind, int width, int height) {
  ViewPixels pixels;
  pixels.view = {kind, 0, 0, width, height};
  pixels.rgb = RandomBytes(static_cast<size_t>(width * height * 3));
  return pixels;
}

/// [1,3,H,W], 0 to 255.
at::Tensor Planes(const std::vector<uint8_t>& rgb, int width, int height) {
  return at::tensor(at::ArrayRef<uint8_t>(rgb), at::kByte)
      .view({height, width, 3})
      .permute({2, 0, 1})
      .unsqueeze(0)
      .to(at::kFloat)
      .contiguous();
}

at::Tensor Standardised(const at::Tensor& planes) {
  const InputInfo input = Input();
  const auto channels = [](const std::array<float, 3>& values) {
    return at::tensor({values[0], values[1], values[2]}).view({1, 3, 1, 1});
  };
  return ((planes / 255 - channels(input.mean)) / channels(input.std))
      .squeeze(0);
}

double LargestDifference(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

TEST(Preprocess, WholeViewsAreScaledAsLibTorchDoes) {
  for (const auto& [width, height] :
       {std::pair{200, 200}, {64, 64}, {97, 301}, {33, 40}, {1, 1}, {64, 65}}) {
    const ViewPixels pixels = RandomView(ViewKind::kWhole, width, height);
    const at::Tensor expected = Standardised(
        at::_upsample_bilinear2d_aa(Planes(pixels.rgb, width, height),
                                    {kSize, kSize}, /*align_corners=*/false));
    EXPECT_LT(LargestDifference(PreprocessView(pixels, Input()), expected),
              2e-5)
        << width << "x" << height;
  }
}

TEST(Preprocess, ScaledViewsAreTakenAsTheyAre) {
  ViewPixels pixels = RandomView(ViewKind::kWhole, kSize, kSize);
  const at::Tensor expected = Standardised(Planes(pixels.rgb, kSize, kSize));
  pixels.scaled = true;
  pixels.view.width = pixels.view.height = 1080;
  EXPECT_LT(LargestDifference(PreprocessView(pixels, Input()), expected), 1e-6);
  pixels.scaled = false;
  EXPECT_THROW(PreprocessView(pixels, Input()), Error);
}

TEST(Preprocess, NativeViewsAreMirrored) {
  const ViewPixels pixels = RandomView(ViewKind::kNative, 40, 50);
  const at::Tensor planes = Planes(pixels.rgb, 40, 50);
  const at::Tensor expected = Standardised(
      at::reflection_pad2d(planes, {0, kSize - 40, 0, kSize - 50}));
  EXPECT_LT(LargestDifference(PreprocessView(pixels, Input()), expected), 1e-6);
}

TEST(Preprocess, ManyViewsAreEachAsAlone) {
  const std::vector<ViewPixels> views{
      RandomView(ViewKind::kWhole, 90, 90),
      RandomView(ViewKind::kNative, kSize, kSize),
      RandomView(ViewKind::kNative, 20, 30)};
  const at::Tensor all = PreprocessViews(views, Input());
  EXPECT_TRUE(all.is_contiguous(at::MemoryFormat::ChannelsLast));
  for (size_t i = 0; i < views.size(); ++i) {
    EXPECT_TRUE(at::equal(all[static_cast<int64_t>(i)],
                          PreprocessView(views[i], Input())));
  }
}

/// A plane of one value per sample, filtered from (x, y) on.
template <typename Value>
at::Tensor Filtered(const at::Tensor& plane, int x, int y, int area,
                    bool plain) {
  const auto height = static_cast<int>(plane.size(0));
  const auto width = static_cast<int>(plane.size(1));
  const AxisTaps down = AreaTaps(y, area, height, kSize);
  const AxisTaps across = AreaTaps(x, area, width, kSize);
  const PlaneRows rows{static_cast<const uint8_t*>(plane.const_data_ptr()),
                       width * static_cast<ptrdiff_t>(sizeof(Value)),
                       static_cast<int>(sizeof(Value)), across.begin,
                       across.end};
  at::Tensor result = at::empty({kSize, kSize});
  AreaFilter filter(plain);
  for (int first = 0; first < kSize; first += AreaFilter::kRows) {
    at::Tensor columns = at::empty({kSize, AreaFilter::kRows});
    filter.Down(rows, down, first);
    filter.Across(1, 0, across, columns.mutable_data_ptr<float>());
    result.narrow(0, first, AreaFilter::kRows).copy_(columns.t());
  }
  return result;
}

class AreaFilterTest : public testing::TestWithParam<bool> {};

TEST_P(AreaFilterTest, EqualsLibTorchForBytesAndWords) {
  at::manual_seed(1);
  const at::Tensor values = at::randint(0, 256, {230, 217}, at::kByte);
  const at::Tensor words = values.to(at::kInt).mul(200).to(at::kUInt16);
  for (const int area : {64, 65, 100, 190, 40, 7}) {
    const at::Tensor part = values.narrow(0, 11, area).narrow(1, 5, area);
    const at::Tensor expected =
        at::_upsample_bilinear2d_aa(
            part.to(at::kFloat).unsqueeze(0).unsqueeze(0).contiguous(),
            {kSize, kSize}, false)
            .squeeze();
    EXPECT_LT(LargestDifference(
                  Filtered<uint8_t>(values, 5, 11, area, GetParam()), expected),
              1e-3)
        << area;
    EXPECT_LT(
        LargestDifference(
            Filtered<uint16_t>(words, 5, 11, area, GetParam()) / 200, expected),
        1e-3)
        << area;
  }
}

INSTANTIATE_TEST_SUITE_P(PlainAndBest, AreaFilterTest, testing::Bool());

}  // namespace
}  // namespace graphiqa
