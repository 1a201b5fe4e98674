// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Convolutions by tiles and by dot products against LibTorch's: with plain
// loops in place of the registers on any CPU, with AMX and AVX512-BF16 where
// there is some.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <c10/util/BFloat16.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "engine/tiles/dot_conv.h"
#include "engine/tiles/tile_conv.h"
#include "engine/tiles/tile_conv_kernel.h"
#include "engine/tiles/tile_depthwise.h"
#include "engine/tiles/tiles_available.h"
#include "network/rows.h"

namespace graphiqa {
namespace {

float Float(Bits16 bits) { return c10::detail::f32_from_bits(bits); }

/// The registers as arrays.
struct PlainUnit {
  static constexpr int kBytes = 64;
  struct Register {
    Bits16 pairs[16][32];
    float sums[16][16];
  };
  static Register registers[8];

  template <int T>
  static void Load(const void* values, int64_t row_bytes) {
    for (int r = 0; r < 16; ++r) {
      std::memcpy(registers[T].pairs[r],
                  static_cast<const char*>(values) + r * row_bytes, kBytes);
    }
  }

  template <int T>
  static void Zero() {
    std::memset(registers[T].sums, 0, sizeof registers[T].sums);
  }

  template <int C, int A, int B>
  static void Multiply() {
    for (int m = 0; m < 16; ++m) {
      for (int k = 0; k < 32; ++k) {
        for (int n = 0; n < 16; ++n) {
          registers[C].sums[m][n] +=
              Float(registers[A].pairs[m][k]) *
              Float(registers[B].pairs[k / 2][2 * n + k % 2]);
        }
      }
    }
  }

  template <int T>
  static void Store(void* sums, int64_t row_bytes) {
    for (int r = 0; r < 16; ++r) {
      std::memcpy(static_cast<char*>(sums) + r * row_bytes,
                  registers[T].sums[r], kBytes);
    }
  }

  static void Fetch(const void*) {}

  static void Finish(const float (*sums)[kPanelColumns], const TileConv& conv,
                     const TileRun& run) {
    for (int p = 0; p < run.pixels; ++p) {
      for (int i = 0; i < run.channels; ++i) {
        const auto column = static_cast<size_t>(run.channel + i);
        float value = sums[p][i] + conv.bias[column];
        if (run.other != nullptr) {
          value += Float(run.other[p * conv.other.channels + i]);
        }
        run.out[p * conv.out.channels + i] = c10::detail::round_to_nearest_even(
            std::min(std::max(value, conv.low), conv.high));
      }
    }
  }
};

PlainUnit::Register PlainUnit::registers[8];

constexpr char kNoAmx[] = "this CPU has no AMX with bfloat16";
constexpr char kNoVectors[] = "this CPU has no AVX-512 with bfloat16";

/// One output of a panel for one pixel, over the packed weights.
float PlainSum(const TileConv& conv, const Bits16* in, int panel, int column) {
  const int values = conv.window.width * conv.in.channels;
  const int tiles = PanelTiles(conv, panel);
  const Bits16* const weight = conv.weight.data() + PanelStart(conv, panel) +
                               column / kTileColumns * kTileWeights +
                               2 * (column % kTileColumns);
  float sum = 0;
  for (int y = 0; y < conv.window.height; ++y) {
    for (int i = 0; i < values; ++i) {
      const int step = y * conv.StepsPerRow() + i / kTileInputs;
      const int in_step = i % kTileInputs;
      sum += Float(in[y * conv.in.RowValues() + i]) *
             Float(weight[step * tiles * kTileWeights +
                          in_step / 2 * 2 * kTileColumns + in_step % 2]);
    }
  }
  return sum;
}

void PlainDots(const TileConv& conv, const DotRun& run, int panel) {
  const int channel = panel * kPanelColumns;
  const int channels = std::min(kPanelColumns, conv.out.channels - channel);
  for (int p = 0; p < run.pixels; ++p) {
    const Bits16* const in =
        run.in + p * conv.window.stride_x * conv.in.channels;
    for (int i = 0; i < channels; ++i) {
      const int c = channel + i;
      float value =
          PlainSum(conv, in, panel, i) + conv.bias[static_cast<size_t>(c)];
      if (conv.adds) value += Float(run.other[p * conv.other.channels + c]);
      run.out[p * conv.out.channels + c] = c10::detail::round_to_nearest_even(
          std::min(std::max(value, conv.low), conv.high));
    }
  }
}

struct Case {
  const char* name;
  int height, width, in, out, kernel, stride;
  int top, left, bottom, right;  // padding
  int border;                    // of the result and of what is added
  bool adds;
};

constexpr Case kCases[] = {
    {"Pointwise", 7, 7, 24, 40, 1, 1, 0, 0, 0, 0, 0, false},
    {"PointwiseAdds", 9, 5, 96, 24, 1, 1, 0, 0, 0, 0, 1, true},
    {"PointwiseStrided", 9, 9, 64, 33, 1, 2, 0, 0, 0, 0, 0, false},
    {"Square", 14, 14, 32, 64, 3, 1, 1, 1, 1, 1, 1, true},
    {"SquareStrided", 17, 33, 24, 16, 3, 2, 0, 0, 1, 1, 2, false},
    {"Stem", 32, 20, 3, 64, 7, 2, 3, 3, 3, 3, 1, false},
    {"SameStem", 21, 21, 3, 32, 3, 2, 1, 1, 1, 1, 0, false},
    {"LargeWeights", 3, 3, 128, 160, 3, 1, 1, 1, 1, 1, 0, true},
    {"OnePixel", 1, 1, 8, 1, 1, 1, 0, 0, 0, 0, 0, false},
    {"WideRows", 4, 43, 16, 48, 3, 1, 1, 1, 1, 1, 0, false},
};

std::string CaseName(const ::testing::TestParamInfo<Case>& info) {
  return info.param.name;
}

int ResultSize(int size, int before, int after, const Case& c) {
  return (size + before + after - c.kernel) / c.stride + 1;
}

TileMap InputMap(const Case& c) {
  return {c.height, c.width, c.in, c.top, c.left, c.bottom, c.right};
}

TileMap ResultMap(const Case& c, int channels) {
  return {ResultSize(c.height, c.top, c.bottom, c),
          ResultSize(c.width, c.left, c.right, c),
          channels,
          c.border,
          c.border,
          c.border,
          c.border};
}

at::Tensor Rounded(const at::Tensor& values) {
  return values.to(at::kBFloat16).to(at::kFloat);
}

/// Values of a map, with a filling around them.
std::vector<Bits16> Filled(const TileMap& map, const at::Tensor& pictures,
                           float filling, int64_t beyond) {
  const int64_t n = pictures.size(0);
  std::vector<Bits16> values(static_cast<size_t>(n * map.Values() + beyond),
                             c10::detail::round_to_nearest_even(filling));
  for (int64_t i = 0; i < n; ++i) {
    for (int y = 0; y < map.height; ++y) {
      for (int x = 0; x < map.width; ++x) {
        const at::Tensor pixel =
            pictures[i].select(1, y).select(1, x).contiguous();
        Bits16* const to = values.data() + i * map.Values() + map.Offset(y, x);
        Narrow(pixel.const_data_ptr<float>(),
               reinterpret_cast<c10::BFloat16*>(to), map.channels);
      }
    }
  }
  return values;
}

at::Tensor Inner(const TileMap& map, const std::vector<Bits16>& values,
                 int64_t n) {
  at::Tensor pictures = at::empty({n, map.channels, map.height, map.width});
  for (int64_t i = 0; i < n; ++i) {
    for (int y = 0; y < map.height; ++y) {
      for (int x = 0; x < map.width; ++x) {
        at::Tensor pixel = at::empty({map.channels});
        Widen(reinterpret_cast<const c10::BFloat16*>(
                  values.data() + i * map.Values() + map.Offset(y, x)),
              pixel.mutable_data_ptr<float>(), map.channels);
        pictures[i].select(1, y).select(1, x).copy_(pixel);
      }
    }
  }
  return pictures;
}

constexpr float kFilling = 77;

/// Values of the border that were not left alone.
int64_t Touched(const TileMap& map, const std::vector<Bits16>& values,
                int64_t n) {
  const Bits16 filling = c10::detail::round_to_nearest_even(kFilling);
  int64_t kept = 0;
  for (const Bits16 value : values) kept += value == filling;
  const int64_t inner = n * map.height * map.width * map.channels;
  return static_cast<int64_t>(values.size()) - inner - kept;
}

void ExpectClose(const at::Tensor& actual, const at::Tensor& expected) {
  const double largest = expected.abs().max().item<double>();
  EXPECT_LT((actual - expected).abs().max().item<double>(), 0.006 * largest);
  EXPECT_GT(largest, 0);
}

at::Tensor Convolved(const Case& c, const at::Tensor& x, const at::Tensor& w,
                     const at::Tensor& bias, int64_t groups) {
  return at::conv2d(at::constant_pad_nd(x, {c.left, c.right, c.top, c.bottom}),
                    w, bias, std::vector<int64_t>{c.stride, c.stride},
                    std::vector<int64_t>{0, 0}, std::vector<int64_t>{1, 1},
                    groups);
}

/// A convolution with random values, and what LibTorch makes of them.
struct ConvSample {
  explicit ConvSample(const Case& c, int64_t n = 3) : pictures(n) {
    at::manual_seed(5);
    const at::Tensor x = Rounded(at::randn({n, c.in, c.height, c.width}));
    const at::Tensor w =
        Rounded(at::randn({c.out, c.in, c.kernel, c.kernel}) /
                std::sqrt(static_cast<double>(c.in * c.kernel * c.kernel)));
    const at::Tensor bias = at::randn({c.out});
    conv.in = InputMap(c);
    conv.out = ResultMap(c, c.out);
    conv.window = {c.kernel, c.kernel, c.stride, c.stride, c.top, c.left};
    conv.adds = c.adds;
    conv.low = -1;
    conv.high = 2;
    PackWeight(w.const_data_ptr<float>(), c.in, &conv);
    conv.bias.assign(bias.const_data_ptr<float>(),
                     bias.const_data_ptr<float>() + c.out);
    conv.bias.resize(static_cast<size_t>(conv.Panels() * kPanelColumns));
    in = Filled(conv.in, x, 0, conv.Overrun());
    at::Tensor sum = Convolved(c, x, w, bias, 1);
    if (c.adds) {
      const at::Tensor more = Rounded(at::randn(sum.sizes()));
      conv.other = conv.out;
      other = Filled(conv.other, more, 9, 0);
      sum = sum + more;
    }
    expected = sum.clamp(-1, 2);
    out = Filled(conv.out, at::full_like(sum, kFilling), kFilling, 0);
  }

  TileData Data() {
    return {in.data(), out.data(), conv.adds ? other.data() : nullptr,
            static_cast<int>(pictures)};
  }

  void Check() const {
    ExpectClose(Inner(conv.out, out, pictures), expected);
    EXPECT_EQ(Touched(conv.out, out, pictures), 0) << "beside the result";
  }

  int64_t pictures;
  TileConv conv;
  std::vector<Bits16> in, other, out;
  at::Tensor expected;
};

class TileConvTest : public ::testing::TestWithParam<Case> {};

TEST_P(TileConvTest, PlainLoopsEqualLibTorch) {
  ConvSample sample(GetParam());
  const TileData data = sample.Data();
  const int tasks = ConvTasks(sample.conv, static_cast<int>(sample.pictures));
  // In two shares, as two threads would do it.
  TileConvKernel<PlainUnit>(sample.conv, data).Run(tasks / 2, tasks);
  TileConvKernel<PlainUnit>(sample.conv, data).Run(0, tasks / 2);
  sample.Check();
}

TEST_P(TileConvTest, AmxEqualsLibTorch) {
  if (!AmxAvailable()) GTEST_SKIP() << kNoAmx;
  ConvSample sample(GetParam());
  RunConvAmx(sample.conv, sample.Data(), 0,
             ConvTasks(sample.conv, static_cast<int>(sample.pictures)));
  sample.Check();
}

TEST_P(TileConvTest, PlainDotsEqualLibTorch) {
  ConvSample sample(GetParam());
  const TileData data = sample.Data();
  const int tasks = DotTasks(sample.conv, data.pictures);
  const auto compute = [&sample](const DotRun& run, int panel) {
    PlainDots(sample.conv, run, panel);
  };
  ForDotRuns(sample.conv, data, tasks / 2, tasks, compute);
  ForDotRuns(sample.conv, data, 0, tasks / 2, compute);
  sample.Check();
}

TEST_P(TileConvTest, DotsEqualLibTorch) {
  if (!VectorsAvailable()) GTEST_SKIP() << kNoVectors;
  ConvSample sample(GetParam());
  const TileData data = sample.Data();
  const int tasks = DotTasks(sample.conv, data.pictures);
  RunConvDot(sample.conv, data, tasks / 2, tasks);
  RunConvDot(sample.conv, data, 0, tasks / 2);
  sample.Check();
}

INSTANTIATE_TEST_SUITE_P(Shapes, TileConvTest, ::testing::ValuesIn(kCases),
                         CaseName);

TEST(TileConvOrderTest, BothOrdersAreTested) {
  int outer = 0;
  for (const Case& c : kCases) {
    outer += PanelsOuter(ConvSample(c, 1).conv, 1) ? 1 : 0;
  }
  EXPECT_GT(outer, 0);
  EXPECT_LT(outer, static_cast<int>(std::size(kCases)));
}

/// With AMX or with dot products.
class NanTest : public ::testing::TestWithParam<bool> {};

TEST_P(NanTest, StaysNan) {
  const bool amx = GetParam();
  if (amx && !AmxAvailable()) GTEST_SKIP() << kNoAmx;
  if (!VectorsAvailable()) GTEST_SKIP() << kNoVectors;
  ConvSample sample(kCases[0]);
  sample.conv.bias[0] = std::numeric_limits<float>::quiet_NaN();
  const TileData data = sample.Data();
  if (amx) {
    RunConvAmx(sample.conv, data, 0, ConvTasks(sample.conv, data.pictures));
  } else {
    RunConvDot(sample.conv, data, 0, DotTasks(sample.conv, data.pictures));
  }
  const at::Tensor result = Inner(sample.conv.out, sample.out, sample.pictures);
  EXPECT_TRUE(result.select(1, 0).isnan().all().item<bool>());
  EXPECT_FALSE(result.narrow(1, 1, 39).isnan().any().item<bool>());
}

INSTANTIATE_TEST_SUITE_P(Units, NanTest, ::testing::Bool(),
                         [](const auto& tested) {
                           return tested.param ? "Amx" : "Dot";
                         });

constexpr Case kDepthwiseCases[] = {
    {"Square3", 14, 9, 144, 144, 3, 1, 1, 1, 1, 1, 0, false},
    {"Square3Strided", 14, 14, 32, 32, 3, 2, 0, 0, 1, 1, 1, false},
    {"Square5", 7, 7, 40, 40, 5, 1, 2, 2, 2, 2, 0, false},
    {"Square5Strided", 19, 23, 96, 96, 5, 2, 2, 2, 2, 2, 1, false},
    {"FewChannels", 20, 6, 5, 5, 3, 1, 1, 1, 1, 1, 0, false},
};

class TileDepthwiseTest : public ::testing::TestWithParam<Case> {};

TEST_P(TileDepthwiseTest, EqualsLibTorch) {
  if (!VectorsAvailable()) GTEST_SKIP() << kNoVectors;
  const Case& c = GetParam();
  at::manual_seed(6);
  constexpr int64_t kPictures = 2;
  const at::Tensor x = Rounded(at::randn({kPictures, c.in, c.height, c.width}));
  const at::Tensor w = at::randn({c.in, 1, c.kernel, c.kernel}) / c.kernel;
  const at::Tensor bias = at::randn({c.in});
  TileDepthwise d;
  d.in = InputMap(c);
  d.out = ResultMap(c, c.in);
  d.window = {c.kernel, c.kernel, c.stride, c.stride, c.top, c.left};
  d.low = 0;
  d.high = 2;
  PackDepthwise(w.const_data_ptr<float>(), bias.const_data_ptr<float>(), &d);
  const std::vector<Bits16> in = Filled(d.in, x, 0, 0);
  const at::Tensor expected = Convolved(c, x, w, bias, c.in).clamp(0, 2);
  std::vector<Bits16> out =
      Filled(d.out, at::full_like(expected, kFilling), kFilling, 0);
  const int tasks = RowTasks(d.out, kPictures);
  RunDepthwiseAvx512(d, in.data(), out.data(), 1, tasks);
  RunDepthwiseAvx512(d, in.data(), out.data(), 0, 1);
  ExpectClose(Inner(d.out, out, kPictures), expected);
  EXPECT_EQ(Touched(d.out, out, kPictures), 0) << "beside the result";
}

INSTANTIATE_TEST_SUITE_P(Shapes, TileDepthwiseTest,
                         ::testing::ValuesIn(kDepthwiseCases), CaseName);

TEST(TileMaximumTest, EqualsLibTorch) {
  if (!VectorsAvailable()) GTEST_SKIP() << kNoVectors;
  const Case c{"", 15, 20, 40, 40, 3, 2, 1, 1, 1, 1, 2, false};
  at::manual_seed(7);
  const at::Tensor x = Rounded(at::rand({2, c.in, c.height, c.width}));
  const TileMaximum m{InputMap(c), ResultMap(c, c.in), {3, 3, 2, 2, 1, 1}};
  const std::vector<Bits16> in = Filled(m.in, x, 0, 0);
  const at::Tensor expected = at::max_pool2d(x, 3, 2, 1);
  std::vector<Bits16> out =
      Filled(m.out, at::full_like(expected, kFilling), kFilling, 0);
  RunMaximumAvx512(m, in.data(), out.data(), 0, RowTasks(m.out, 2));
  EXPECT_TRUE(at::equal(Inner(m.out, out, 2), expected));
  EXPECT_EQ(Touched(m.out, out, 2), 0) << "beside the result";
}

}  // namespace
}  // namespace graphiqa
