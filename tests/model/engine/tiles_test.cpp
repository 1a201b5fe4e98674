// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Convolutions in tiles and in vectors against LibTorch's: with plain loops in
// place of the registers on any CPU, with AMX and AVX-512 where there is some.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <c10/util/BFloat16.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "engine/tiles/tile_conv.h"
#include "engine/tiles/tile_conv_kernel.h"
#include "engine/tiles/tile_depthwise.h"
#include "engine/tiles/tiles_available.h"
#include "engine/tiles/vector_conv.h"
#include "network/rows.h"

namespace graphiqa {
namespace {

float Float(Bits16 bits) { return c10::detail::f32_from_bits(bits); }
float Float(float value) { return value; }

template <typename Value>
Value Stored(float value) {
  if constexpr (std::is_same_v<Value, float>) {
    return value;
  } else {
    return c10::detail::round_to_nearest_even(value);
  }
}

c10::BFloat16* Known(Bits16* values) {
  return reinterpret_cast<c10::BFloat16*>(values);
}
const c10::BFloat16* Known(const Bits16* values) {
  return reinterpret_cast<const c10::BFloat16*>(values);
}
float* Known(float* values) { return values; }
const float* Known(const float* values) { return values; }

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
constexpr char kNoVectors[] = "this CPU has no AVX-512";
constexpr char kNoBf16[] = "this CPU has no AVX-512 with bfloat16";

template <typename Value>
bool CanRun() {
  return std::is_same_v<Value, float> ? VectorsAvailable()
                                      : Bf16VectorsAvailable();
}
template <typename Value>
const char* Reason() {
  return std::is_same_v<Value, float> ? kNoVectors : kNoBf16;
}

/// One output of a panel for one pixel, over the packed weights.
template <typename Value>
float PlainSum(const TileConv& conv, const Value* in, int panel, int column) {
  constexpr int kTakes = kTaken<Value>;
  const int values = conv.window.width * conv.in.channels;
  const int tiles = PanelTiles(conv, panel);
  const Value* const weight = WeightsOf<Value>(conv) + PanelStart(conv, panel) +
                              column / kTileColumns * conv.StepWeights() +
                              kTakes * (column % kTileColumns);
  float sum = 0;
  for (int y = 0; y < conv.window.height; ++y) {
    for (int i = 0; i < values; ++i) {
      const int step = y * conv.StepsPerRow() + i / conv.StepInputs();
      const int in_step = i % conv.StepInputs();
      sum += Float(in[y * conv.in.RowValues() + i]) *
             Float(weight[step * tiles * conv.StepWeights() +
                          in_step / kTakes * kTakes * kTileColumns +
                          in_step % kTakes]);
    }
  }
  return sum;
}

template <typename Value>
void PlainRun(const TileConv& conv, const VectorRun<Value>& run, int panel) {
  const int channel = panel * kPanelColumns;
  const int channels = std::min(kPanelColumns, conv.out.channels - channel);
  for (int r = 0; r < run.rows; ++r) {
    for (int p = 0; p < run.pixels; ++p) {
      const Value* const in = run.in +
                              r * conv.window.stride_y * conv.in.RowValues() +
                              p * conv.window.stride_x * conv.in.channels;
      for (int i = 0; i < channels; ++i) {
        const int c = channel + i;
        float value =
            PlainSum(conv, in, panel, i) + conv.bias[static_cast<size_t>(c)];
        if (conv.adds) {
          value += Float(run.other[r * conv.other.RowValues() +
                                   p * conv.other.channels + c]);
        }
        run.out[r * conv.out.RowValues() + p * conv.out.channels + c] =
            Stored<Value>(std::min(std::max(value, conv.low), conv.high));
      }
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
    {"DistantPixels", 3, 7, 2048, 40, 1, 1, 0, 0, 0, 0, 1, true},
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
template <typename Value>
std::vector<Value> Filled(const TileMap& map, const at::Tensor& pictures,
                          float filling, int64_t beyond) {
  const int64_t n = pictures.size(0);
  std::vector<Value> values(static_cast<size_t>(n * map.Values() + beyond),
                            Stored<Value>(filling));
  for (int64_t i = 0; i < n; ++i) {
    for (int y = 0; y < map.height; ++y) {
      for (int x = 0; x < map.width; ++x) {
        const at::Tensor pixel =
            pictures[i].select(1, y).select(1, x).contiguous();
        Value* const to = values.data() + i * map.Values() + map.Offset(y, x);
        Narrow(pixel.const_data_ptr<float>(), Known(to), map.channels);
      }
    }
  }
  return values;
}

template <typename Value>
at::Tensor Inner(const TileMap& map, const std::vector<Value>& values,
                 int64_t n) {
  at::Tensor pictures = at::empty({n, map.channels, map.height, map.width});
  for (int64_t i = 0; i < n; ++i) {
    for (int y = 0; y < map.height; ++y) {
      for (int x = 0; x < map.width; ++x) {
        at::Tensor pixel = at::empty({map.channels});
        Widen(Known(values.data() + i * map.Values() + map.Offset(y, x)),
              pixel.mutable_data_ptr<float>(), map.channels);
        pictures[i].select(1, y).select(1, x).copy_(pixel);
      }
    }
  }
  return pictures;
}

constexpr float kFilling = 77;

/// Values of the border that were not left alone.
template <typename Value>
int64_t Touched(const TileMap& map, const std::vector<Value>& values,
                int64_t n) {
  const auto filling = Stored<Value>(kFilling);
  int64_t kept = 0;
  for (const Value value : values) kept += value == filling;
  const int64_t inner = n * map.height * map.width * map.channels;
  return static_cast<int64_t>(values.size()) - inner - kept;
}

/// Rounding to bfloat16 at the end, or float all the way.
template <typename Value>
void ExpectClose(const at::Tensor& actual, const at::Tensor& expected) {
  const double tolerance = std::is_same_v<Value, float> ? 1e-5 : 0.006;
  const double largest = expected.abs().max().item<double>();
  EXPECT_LT((actual - expected).abs().max().item<double>(),
            tolerance * largest);
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
template <typename Value>
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
    PackWeight<Value>(w.const_data_ptr<float>(), c.in, &conv);
    conv.bias.assign(bias.const_data_ptr<float>(),
                     bias.const_data_ptr<float>() + c.out);
    conv.bias.resize(static_cast<size_t>(conv.Panels() * kPanelColumns));
    in = Filled<Value>(conv.in, x, 0, conv.Overrun());
    at::Tensor sum = Convolved(c, x, w, bias, 1);
    if (c.adds) {
      const at::Tensor more = Rounded(at::randn(sum.sizes()));
      conv.other = conv.out;
      other = Filled<Value>(conv.other, more, 9, 0);
      sum = sum + more;
    }
    expected = sum.clamp(-1, 2);
    out = Filled<Value>(conv.out, at::full_like(sum, kFilling), kFilling, 0);
  }

  MapData<Value> Data() {
    return {in.data(), out.data(), conv.adds ? other.data() : nullptr,
            static_cast<int>(pictures)};
  }

  void Check() const {
    ExpectClose<Value>(Inner(conv.out, out, pictures), expected);
    EXPECT_EQ(Touched(conv.out, out, pictures), 0) << "beside the result";
  }

  int64_t pictures;
  TileConv conv;
  std::vector<Value> in, other, out;
  at::Tensor expected;
};

class TileConvTest : public ::testing::TestWithParam<Case> {};

TEST_P(TileConvTest, PlainLoopsEqualLibTorch) {
  ConvSample<Bits16> sample(GetParam());
  const TileData data = sample.Data();
  const int tasks = ConvTasks(sample.conv, static_cast<int>(sample.pictures));
  // In two shares, as two threads would do it.
  TileConvKernel<PlainUnit>(sample.conv, data).Run(tasks / 2, tasks);
  TileConvKernel<PlainUnit>(sample.conv, data).Run(0, tasks / 2);
  sample.Check();
}

TEST_P(TileConvTest, AmxEqualsLibTorch) {
  if (!AmxAvailable()) GTEST_SKIP() << kNoAmx;
  ConvSample<Bits16> sample(GetParam());
  RunConvAmx(sample.conv, sample.Data(), 0,
             ConvTasks(sample.conv, static_cast<int>(sample.pictures)));
  sample.Check();
}

template <typename Value>
void CheckPlainRuns(const Case& c) {
  ConvSample<Value> sample(c);
  const MapData<Value> data = sample.Data();
  const int tasks = VectorTasks(sample.conv, data.pictures);
  const auto compute = [&sample](const VectorRun<Value>& run, int panel) {
    PlainRun(sample.conv, run, panel);
  };
  ForVectorRuns(sample.conv, data, tasks / 2, tasks, compute);
  ForVectorRuns(sample.conv, data, 0, tasks / 2, compute);
  sample.Check();
}

TEST_P(TileConvTest, PlainRunsEqualLibTorch) {
  CheckPlainRuns<Bits16>(GetParam());
  CheckPlainRuns<float>(GetParam());
}

template <typename Value>
void CheckVectors(const Case& c) {
  if (!CanRun<Value>()) GTEST_SKIP() << Reason<Value>();
  ConvSample<Value> sample(c);
  const MapData<Value> data = sample.Data();
  const int tasks = VectorTasks(sample.conv, data.pictures);
  RunConvVectors(sample.conv, data, tasks / 2, tasks);
  RunConvVectors(sample.conv, data, 0, tasks / 2);
  sample.Check();
}

TEST_P(TileConvTest, Bf16VectorsEqualLibTorch) {
  CheckVectors<Bits16>(GetParam());
}

TEST_P(TileConvTest, FloatVectorsEqualLibTorch) {
  CheckVectors<float>(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Shapes, TileConvTest, ::testing::ValuesIn(kCases),
                         CaseName);

TEST(TileConvOrderTest, BothOrdersAreTested) {
  int outer = 0;
  for (const Case& c : kCases) {
    outer += PanelsOuter(ConvSample<Bits16>(c, 1).conv, 1) ? 1 : 0;
  }
  EXPECT_GT(outer, 0);
  EXPECT_LT(outer, static_cast<int>(std::size(kCases)));
}

template <typename Value, typename Run>
void CheckNan(const Run& run) {
  ConvSample<Value> sample(kCases[0]);
  sample.conv.bias[0] = std::numeric_limits<float>::quiet_NaN();
  run(sample.conv, sample.Data());
  const at::Tensor result = Inner(sample.conv.out, sample.out, sample.pictures);
  EXPECT_TRUE(result.select(1, 0).isnan().all().template item<bool>());
  EXPECT_FALSE(result.narrow(1, 1, 39).isnan().any().template item<bool>());
}

template <typename Value>
void CheckNanOfVectors() {
  if (!CanRun<Value>()) GTEST_SKIP() << Reason<Value>();
  CheckNan<Value>([](const TileConv& conv, const MapData<Value>& data) {
    RunConvVectors(conv, data, 0, VectorTasks(conv, data.pictures));
  });
}

TEST(NanTest, StaysNanInTiles) {
  if (!AmxAvailable()) GTEST_SKIP() << kNoAmx;
  CheckNan<Bits16>([](const TileConv& conv, const TileData& data) {
    RunConvAmx(conv, data, 0, ConvTasks(conv, data.pictures));
  });
}

TEST(NanTest, StaysNanInBf16Vectors) { CheckNanOfVectors<Bits16>(); }

TEST(NanTest, StaysNanInFloatVectors) { CheckNanOfVectors<float>(); }

constexpr Case kDepthwiseCases[] = {
    {"Square3", 14, 9, 144, 144, 3, 1, 1, 1, 1, 1, 0, false},
    {"Square3Strided", 14, 14, 32, 32, 3, 2, 0, 0, 1, 1, 1, false},
    {"Square5", 7, 7, 40, 40, 5, 1, 2, 2, 2, 2, 0, false},
    {"Square5Strided", 19, 23, 96, 96, 5, 2, 2, 2, 2, 2, 1, false},
    {"FewChannels", 20, 6, 5, 5, 3, 1, 1, 1, 1, 1, 0, false},
};

class TileDepthwiseTest : public ::testing::TestWithParam<Case> {};

template <typename Value>
void CheckDepthwise(const Case& c) {
  if (!CanRun<Value>()) GTEST_SKIP() << Reason<Value>();
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
  PackDepthwise<Value>(w.const_data_ptr<float>(), bias.const_data_ptr<float>(),
                       &d);
  const std::vector<Value> in = Filled<Value>(d.in, x, 0, 0);
  const at::Tensor expected = Convolved(c, x, w, bias, c.in).clamp(0, 2);
  std::vector<Value> out =
      Filled<Value>(d.out, at::full_like(expected, kFilling), kFilling, 0);
  const int tasks = RowTasks(d.out, kPictures);
  RunDepthwiseAvx512(d, in.data(), out.data(), 1, tasks);
  RunDepthwiseAvx512(d, in.data(), out.data(), 0, 1);
  ExpectClose<Value>(Inner(d.out, out, kPictures), expected);
  EXPECT_EQ(Touched(d.out, out, kPictures), 0) << "beside the result";
}

TEST_P(TileDepthwiseTest, OfBf16EqualsLibTorch) {
  CheckDepthwise<Bits16>(GetParam());
}

TEST_P(TileDepthwiseTest, OfFloatEqualsLibTorch) {
  CheckDepthwise<float>(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Shapes, TileDepthwiseTest,
                         ::testing::ValuesIn(kDepthwiseCases), CaseName);

template <typename Value>
void CheckMaximum() {
  if (!CanRun<Value>()) GTEST_SKIP() << Reason<Value>();
  const Case c{"", 15, 20, 40, 40, 3, 2, 1, 1, 1, 1, 2, false};
  at::manual_seed(7);
  const at::Tensor x = Rounded(at::rand({2, c.in, c.height, c.width}));
  const TileMaximum m{InputMap(c), ResultMap(c, c.in), {3, 3, 2, 2, 1, 1}};
  const std::vector<Value> in = Filled<Value>(m.in, x, 0, 0);
  const at::Tensor expected = at::max_pool2d(x, 3, 2, 1);
  std::vector<Value> out =
      Filled<Value>(m.out, at::full_like(expected, kFilling), kFilling, 0);
  RunMaximumAvx512(m, in.data(), out.data(), 0, RowTasks(m.out, 2));
  EXPECT_TRUE(at::equal(Inner(m.out, out, 2), expected));
  EXPECT_EQ(Touched(m.out, out, 2), 0) << "beside the result";
}

TEST(TileMaximumTest, OfBf16EqualsLibTorch) { CheckMaximum<Bits16>(); }

TEST(TileMaximumTest, OfFloatEqualsLibTorch) { CheckMaximum<float>(); }

}  // namespace
}  // namespace graphiqa
