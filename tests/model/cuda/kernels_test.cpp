// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// The module's own kernels against the CPU, in all element types.
#include "kernels.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "device_memory.h"
#include "filter_table.h"
#include "network/picture_statistics.h"
#include "network/preprocess.h"

namespace graphiqa::cuda {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr auto kChannelsLast = at::MemoryFormat::ChannelsLast;

/// An element type; results differ by rounding to it.
struct Type {
  Element element;
  at::ScalarType scalar;
  double tolerance;  ///< of values around 1

  friend void PrintTo(const Type& type, std::ostream* out) {
    *out << type.scalar;
  }
};

const Type kTypes[] = {{Element::kFloat, at::kFloat, 2e-5},
                       {Element::kHalf, at::kHalf, 2e-3},
                       {Element::kBfloat16, at::kBFloat16, 1.6e-2}};

DeviceMemory Upload(const at::Tensor& dense) {
  return DeviceMemory(dense.const_data_ptr(), dense.nbytes());
}

/// Largest error in units of max(1, |wanted|).
double ErrorOf(const at::Tensor& got, const at::Tensor& wanted) {
  const at::Tensor exact = wanted.to(at::kFloat);
  return ((got.to(at::kFloat) - exact).abs() / exact.abs().clamp_min(1))
      .max()
      .item<float>();
}

class KernelTest : public testing::TestWithParam<Type> {
 protected:
  void SetUp() override {
    GRAPHIQA_NEED_DEVICE();
    at::manual_seed(11);
  }

  at::Tensor Random(at::IntArrayRef sizes) const {
    return at::randn(sizes).to(GetParam().scalar).contiguous(kChannelsLast);
  }
};

void Append(const void* bytes, size_t size, std::vector<uint8_t>* staged) {
  const auto* from = static_cast<const uint8_t*>(bytes);
  staged->insert(staged->end(), from, from + size);
  staged->resize((staged->size() + 15) / 16 * 16);
}

int64_t AppendTable(const FilterTable& table, std::vector<uint8_t>* staged) {
  const auto offset = static_cast<int64_t>(staged->size());
  std::vector<uint8_t> bytes(table.spans.size() * sizeof(FilterSpan) +
                             table.weights.size() * sizeof(float));
  const size_t spans = table.spans.size() * sizeof(FilterSpan);
  std::memcpy(bytes.data(), table.spans.data(), spans);
  std::memcpy(bytes.data() + spans, table.weights.data(), bytes.size() - spans);
  Append(bytes.data(), bytes.size(), staged);
  return offset;
}

/// What Staging packs, built the plain way.
std::vector<uint8_t> Stage(const std::vector<ViewPixels>& views, int size) {
  std::vector<ViewDescriptor> descriptors(views.size());
  std::vector<uint8_t> staged;
  Append(descriptors.data(), views.size() * sizeof(ViewDescriptor), &staged);
  for (size_t i = 0; i < views.size(); ++i) {
    const View& view = views[i].view;
    ViewDescriptor& descriptor = descriptors[i];
    descriptor.width = view.width;
    descriptor.height = view.height;
    if (view.kind == ViewKind::kWhole) {
      const FilterTable columns = MakeFilterTable(view.width, size);
      const FilterTable rows = MakeFilterTable(view.height, size);
      descriptor.columns = AppendTable(columns, &staged);
      descriptor.column_taps = columns.taps;
      descriptor.rows = AppendTable(rows, &staged);
      descriptor.row_taps = rows.taps;
    }
    descriptor.pixels = static_cast<int64_t>(staged.size());
    Append(views[i].rgb.data(), views[i].rgb.size(), &staged);
  }
  std::memcpy(staged.data(), descriptors.data(),
              views.size() * sizeof(ViewDescriptor));
  return staged;
}

enum class Content { kRandom, kBlack, kWhite, kChecker };

ViewPixels MakeView(ViewKind kind, int width, int height, Content content) {
  ViewPixels pixels;
  pixels.view = {kind, 0, 0, width, height};
  pixels.rgb.resize(static_cast<size_t>(width) * static_cast<size_t>(height) *
                    3);
  uint32_t state = 12345;
  for (size_t i = 0; i < pixels.rgb.size(); ++i) {
    state = state * 1664525u + 1013904223u;
    pixels.rgb[i] = content == Content::kBlack   ? 0
                    : content == Content::kWhite ? 255
                    : content == Content::kChecker
                        ? static_cast<uint8_t>(i / 3 % 2 * 255)
                        : static_cast<uint8_t>(state >> 24);
  }
  return pixels;
}

TEST_P(KernelTest, PreprocessEqualsTheCpu) {
  constexpr int kSize = 96;
  InputInfo input;
  input.views.view_size_px = kSize;
  std::vector<ViewPixels> views;
  for (const ViewKind kind : {ViewKind::kNative, ViewKind::kWhole}) {
    for (const Content content : {Content::kRandom, Content::kBlack,
                                  Content::kWhite, Content::kChecker}) {
      for (const auto& [width, height] : {std::pair{96, 96},
                                          {97, 96},
                                          {40, 96},
                                          {1, 1},
                                          {2, 5},
                                          {95, 33},
                                          {720, 720},
                                          {1919, 64}}) {
        views.push_back(MakeView(kind, width, height, content));
      }
    }
  }
  const std::vector<uint8_t> bytes = Stage(views, kSize);
  const DeviceMemory staged(bytes.data(), bytes.size());
  Normalisation normalisation;
  for (size_t c = 0; c < 3; ++c) {
    normalisation.mean[c] = input.mean[c];
    normalisation.std[c] = input.std[c];
  }
  const at::Tensor wanted = PreprocessViews(views, input);
  at::Tensor got = at::empty_like(wanted.to(GetParam().scalar));
  const DeviceMemory batch(nullptr, got.nbytes());
  ASSERT_EQ(
      Preprocess(staged.as<uint8_t>(), static_cast<int>(views.size()), kSize,
                 normalisation, GetParam().element, batch.as<void>(), nullptr),
      cudaSuccess);
  batch.CopyTo(got.data_ptr());
  EXPECT_LE(ErrorOf(got, wanted), GetParam().tolerance);
}

TEST_P(KernelTest, EpilogueAddsAndClamps) {
  for (const int channels : {3, 24, 40, 256}) {
    for (const bool with_addend : {false, true}) {
      const at::Tensor y = Random({2, channels, 5, 7});
      const at::Tensor addend = Random({2, channels, 5, 7});
      const at::Tensor bias = at::randn({channels});
      const DeviceMemory y_device = Upload(y);
      const DeviceMemory addend_device = Upload(addend);
      const DeviceMemory bias_device = Upload(bias);
      EpilogueArguments arguments;
      arguments.pixels = 2 * 5 * 7;
      arguments.channels = channels;
      arguments.bias = bias_device.as<float>();
      arguments.addend = with_addend ? addend_device.as<void>() : nullptr;
      arguments.low = with_addend ? -kInfinity : 0;
      arguments.high = with_addend ? kInfinity : 1;
      ASSERT_EQ(
          Epilogue(arguments, GetParam().element, y_device.as<void>(), nullptr),
          cudaSuccess);
      at::Tensor wanted = y.to(at::kFloat) + bias.view({1, -1, 1, 1});
      wanted =
          with_addend ? wanted + addend.to(at::kFloat) : wanted.clamp(0, 1);
      at::Tensor got = at::empty_like(y);
      y_device.CopyTo(got.data_ptr());
      EXPECT_LE(ErrorOf(got, wanted), GetParam().tolerance) << channels;
    }
  }
}

/// A depthwise convolution with zeros before and after.
struct DepthwiseCase {
  int channels, height, width, kernel, stride, before, after;
};

void CheckDepthwise(const DepthwiseCase& c, const Type& type,
                    const at::Tensor& x) {
  const at::Tensor weight = at::randn({c.channels, 1, c.kernel, c.kernel});
  const at::Tensor bias = at::randn({c.channels});
  const at::Tensor padded = at::constant_pad_nd(
      x.to(at::kFloat), {c.before, c.after, c.before, c.after});
  const std::vector<int64_t> stride{c.stride, c.stride};
  const std::vector<int64_t> none{0, 0};
  const std::vector<int64_t> dense{1, 1};
  const at::Tensor wanted =
      at::conv2d(padded, weight, bias, stride, none, dense, c.channels)
          .clamp(0, 6);
  const DeviceMemory x_device = Upload(x);
  const DeviceMemory weight_device =
      Upload(weight.squeeze(1).permute({1, 2, 0}).contiguous());
  const DeviceMemory bias_device = Upload(bias);
  DepthwiseArguments arguments;
  arguments.images = static_cast<int>(x.size(0));
  arguments.channels = c.channels;
  arguments.height = c.height;
  arguments.width = c.width;
  arguments.out_height = static_cast<int>(wanted.size(2));
  arguments.out_width = static_cast<int>(wanted.size(3));
  arguments.kernel_height = arguments.kernel_width = c.kernel;
  arguments.stride_height = arguments.stride_width = c.stride;
  arguments.pad_top = arguments.pad_left = c.before;
  arguments.weight = weight_device.as<float>();
  arguments.bias = bias_device.as<float>();
  arguments.low = 0;
  arguments.high = 6;
  at::Tensor got =
      at::empty_like(wanted.to(type.scalar).contiguous(kChannelsLast));
  const DeviceMemory y_device(nullptr, got.nbytes());
  ASSERT_EQ(Depthwise(arguments, type.element, x_device.as<void>(),
                      y_device.as<void>(), nullptr),
            cudaSuccess);
  y_device.CopyTo(got.data_ptr());
  EXPECT_LE(ErrorOf(got, wanted), type.tolerance) << c.channels << " channels";
}

TEST_P(KernelTest, DepthwiseEqualsTheCpu) {
  const DepthwiseCase cases[] = {
      {32, 14, 14, 3, 1, 1, 1},  {96, 16, 16, 3, 2, 0, 1},
      {144, 15, 13, 5, 2, 2, 2}, {240, 16, 12, 5, 2, 1, 2},
      {5, 7, 9, 3, 1, 1, 1},     {1152, 2, 2, 5, 1, 2, 2}};
  for (const DepthwiseCase& c : cases) {
    CheckDepthwise(c, GetParam(), Random({3, c.channels, c.height, c.width}));
  }
}

void CheckPooling(const at::Tensor& map, bool deviation, const Type& type) {
  const at::Tensor exact = map.to(at::kDouble);
  at::Tensor wanted = exact.mean({2, 3});
  if (deviation) {
    const at::Tensor spread =
        at::std(exact, at::IntArrayRef{2, 3}, c10::Scalar(0));
    wanted = at::cat({wanted, spread}, 1);
  }
  constexpr int64_t kBefore = 4;
  at::Tensor got = at::empty({map.size(0), wanted.size(1) + kBefore});
  const DeviceMemory map_device = Upload(map);
  const DeviceMemory features(nullptr, got.nbytes());
  PoolArguments arguments;
  arguments.images = static_cast<int>(map.size(0));
  arguments.pixels = static_cast<int>(map.size(2) * map.size(3));
  arguments.channels = static_cast<int>(map.size(1));
  arguments.stride = got.size(1);
  arguments.deviation = deviation;
  ASSERT_EQ(PoolMap(arguments, type.element, map_device.as<void>(),
                    features.as<float>() + kBefore, nullptr),
            cudaSuccess);
  features.CopyTo(got.data_ptr());
  // Sums are in float32 whatever the map is.
  EXPECT_LE(ErrorOf(got.narrow(1, kBefore, wanted.size(1)), wanted), 2e-5);
}

TEST_P(KernelTest, PoolingEqualsTheCpu) {
  for (const bool deviation : {false, true}) {
    CheckPooling(Random({3, 24, 56, 40}), deviation, GetParam());
    CheckPooling(Random({1, 320, 7, 7}), deviation, GetParam());
    CheckPooling(Random({2, 33, 1, 1}), deviation, GetParam());
    // A constant far from zero has no deviation at all.
    CheckPooling(at::full({2, 40, 30, 30}, 200.0)
                     .to(GetParam().scalar)
                     .contiguous(kChannelsLast),
                 deviation, GetParam());
  }
}

/// Noise of few tones, of all tones, and a smooth picture with a pasted block
/// and a patch copied by (5, 3).
at::Tensor Codes(int64_t size) {
  at::Tensor codes = at::randint(0, 256, {3, 3, size, size}).to(at::kFloat);
  codes[0].floor_divide_(100).mul_(90);
  codes[1].copy_(at::arange(size).to(at::kFloat).mul(255).div(size).floor());
  codes[1].slice(1, 5, 25).slice(2, 7, 27).fill_(128);
  const at::Tensor patch = codes[2].slice(1, 0, 20).slice(2, 0, 20).clone();
  codes[2].slice(1, 3, 23).slice(2, 5, 25).copy_(patch);
  return codes;
}

/// Shares where columns are roots of counts: one pixel more or less among few
/// moves the root of a share far.
at::Tensor Shares(const at::Tensor& statistics) {
  at::Tensor shares = statistics.clone();
  shares.narrow(1, kSeamsFrom, kSeamColumns).pow_(4);
  shares.narrow(1, kCopiesFrom, kCopyColumns).pow_(2);
  return shares;
}

TEST(StatisticsKernelTest, EqualsTheCpu) {
  GRAPHIQA_NEED_DEVICE();
  const ColourScale colours{{0.485f, 0.456f, 0.406f}, {0.229f, 0.224f, 0.225f}};
  Normalisation scale;
  std::copy(colours.mean.begin(), colours.mean.end(), scale.mean);
  std::copy(colours.std.begin(), colours.std.end(), scale.std);
  // Without a window of the spectrum, with one, with an odd and an even number
  // of them.
  for (const int64_t size : {32, 75, 130, 224, 320}) {
    SCOPED_TRACE(size);
    at::manual_seed(static_cast<uint64_t>(size));
    at::Tensor images = Codes(size) / 255;
    for (int64_t c = 0; c < 3; ++c) {
      const auto at = static_cast<size_t>(c);
      images.select(1, c).sub_(colours.mean[at]).div_(colours.std[at]);
    }
    const at::Tensor wanted = graphiqa::PictureStatistics(images, colours);
    constexpr int64_t kBefore = 4;
    at::Tensor got = at::empty({3, wanted.size(1) + kBefore});
    const DeviceMemory batch = Upload(images.contiguous(kChannelsLast));
    const DeviceMemory features(nullptr, got.nbytes());
    const DeviceMemory sums(
        nullptr,
        static_cast<size_t>(3 * StatisticsBytes(static_cast<int>(size))));
    StatisticsArguments arguments;
    arguments.images = 3;
    arguments.size = static_cast<int>(size);
    arguments.scale = scale;
    arguments.stride = got.size(1);
    arguments.sums = sums.as<void>();
    ASSERT_EQ(PictureStatistics(arguments, batch.as<float>(),
                                features.as<float>() + kBefore, nullptr),
              cudaSuccess);
    features.CopyTo(got.data_ptr());
    // Fused multiplications move a value by 1/64 of a code now and then.
    EXPECT_LE(
        ErrorOf(Shares(got.narrow(1, kBefore, wanted.size(1))), Shares(wanted)),
        1e-3);
  }
}

INSTANTIATE_TEST_SUITE_P(Types, KernelTest, testing::ValuesIn(kTypes));

}  // namespace
}  // namespace graphiqa::cuda
