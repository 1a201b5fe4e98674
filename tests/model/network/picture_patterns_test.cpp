// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Spectrum, seams, copies, shifts and flats of PictureStatistics(), against
// direct loops.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numeric>
#include <vector>

#include "network/picture_sums.h"
#include "picture_codes.h"

namespace graphiqa {
namespace {

at::Tensor Columns(const at::Tensor& codes, int from, int count) {
  return Measured(codes)[0].narrow(0, from, count);
}
at::Tensor Spectrum(const at::Tensor& codes) {
  return Columns(codes, kSpectrumFrom, kSpectrumColumns);
}
at::Tensor Seams(const at::Tensor& codes) {
  return Columns(codes, kSeamsFrom, kSeamColumns);
}
at::Tensor Copies(const at::Tensor& codes) {
  return Columns(codes, kCopiesFrom, kCopyColumns);
}

/// Whole numbers of a picture's luma, in 1/64 of a code.
struct LumaPlane {
  explicit LumaPlane(const at::Tensor& codes)
      : tensor((64 * Luma(codes.to(at::kDouble)))[0].round().contiguous()) {}
  int At(int64_t y, int64_t x) const {
    return static_cast<int>(
        tensor.const_data_ptr<double>()[y * tensor.size(1) + x]);
  }
  at::Tensor tensor;
};

/// Powers of a 64x64 window by the transform's definition.
std::vector<double> PowersOfWindow(const at::Tensor& window) {
  constexpr double kPi = 3.14159265358979323846;
  const at::Tensor centred = (window - window.mean()).contiguous();
  const double* from = centred.const_data_ptr<double>();
  std::array<double, 64> hann;
  std::array<std::complex<double>, 64> turns;
  for (size_t i = 0; i < 64; ++i) {
    hann[i] = 0.5 - 0.5 * std::cos(2 * kPi * static_cast<double>(i) / 63);
    turns[i] = std::polar(1.0, -2 * kPi * static_cast<double>(i) / 64);
  }
  std::vector<double> powers;
  for (size_t u = 0; u <= 32; ++u) {
    for (size_t v = 0; v < 64; ++v) {
      std::complex<double> sum = 0;
      for (size_t y = 0; y < 64; ++y) {
        for (size_t x = 0; x < 64; ++x) {
          sum += from[y * 64 + x] * hann[y] * hann[x] *
                 turns[(u * x + v * y) % 64];
        }
      }
      powers.push_back(std::norm(sum));
    }
  }
  return powers;
}

at::Tensor DirectSpectrum(const at::Tensor& codes) {
  const at::Tensor luma = LumaPlane(codes).tensor / 64;
  std::vector<double> sums(kSpectrumColumns), counts(kSpectrumBins);
  for (int64_t y = 0; y + 64 <= luma.size(0); y += 32) {
    for (int64_t x = 0; x + 64 <= luma.size(1); x += 32) {
      const auto powers =
          PowersOfWindow(luma.slice(0, y, y + 64).slice(1, x, x + 64));
      for (size_t i = 0; i < powers.size(); ++i) {
        const double u = static_cast<double>(i / 64);
        const double v = static_cast<double>(i % 64);
        const auto bin = static_cast<size_t>(
            std::min(45.0, std::hypot(u, v < 32 ? v : v - 64)));
        if (bin >= kSpectrumBins) continue;
        counts[bin] += 1;
        sums[bin] += powers[i];
        sums[kSpectrumBins + bin] += std::log1p(powers[i]);
      }
    }
  }
  for (size_t bin = 0; bin < kSpectrumBins; ++bin) {
    sums[bin] = std::log1p(sums[bin] / counts[bin]) / 10;
    sums[kSpectrumBins + bin] /= 10 * counts[bin];
  }
  return at::tensor(sums).to(at::kFloat);
}

TEST(PicturePatterns, SpectrumEqualsTheDefinition) {
  at::manual_seed(21);
  // Two windows go together; of three and of one, one stays alone.
  for (const auto& [height, width] :
       {std::pair<int64_t, int64_t>{64, 96}, {95, 130}, {70, 64}}) {
    SCOPED_TRACE(width);
    at::Tensor codes = at::randint(0, 256, {1, 3, height, width});
    codes.narrow(2, 0, 30).floor_divide_(16);
    codes.narrow(3, 0, 70 % width).fill_(77);
    EXPECT_TRUE(
        at::allclose(Spectrum(codes), DirectSpectrum(codes), 1e-4, 1e-4));
  }
}

TEST(PicturePatterns, SpectrumTellsNoiseFromBlur) {
  at::manual_seed(22);
  const at::Tensor noise = at::randint(0, 256, {1, 3, 320, 320});
  const at::Tensor white = Spectrum(noise);
  const at::Tensor blurred = Spectrum(
      at::avg_pool2d(noise.to(at::kFloat), {5, 5}, {1, 1}, {2, 2}).round());
  for (const int64_t kind : {0, kSpectrumBins}) {
    const at::Tensor flat = white.narrow(0, kind + 2, kSpectrumBins - 2);
    EXPECT_LT((flat.max() - flat.min()).item<float>(), 0.03f);
    for (int64_t bin = 3; bin < 12; ++bin) {
      EXPECT_LT(blurred[kind + bin].item<float>(),
                blurred[kind + bin - 1].item<float>() + 0.01f)
          << bin;
    }
    EXPECT_LT(blurred[kind + 12].item<float>(),
              blurred[kind + 2].item<float>() - 0.3f);
  }
}

TEST(PicturePatterns, SmallPicturesHaveNoSpectrum) {
  at::manual_seed(23);
  for (const auto& [height, width] :
       {std::pair<int64_t, int64_t>{63, 200}, {200, 63}, {16, 16}}) {
    const at::Tensor codes = at::randint(0, 256, {1, 3, height, width});
    EXPECT_EQ(Spectrum(codes).abs().max().item<float>(), 0.0f);
  }
  const at::Tensor least = Spectrum(at::randint(0, 256, {1, 3, 64, 64}));
  EXPECT_GT(least.min().item<float>(), 0.5f);
}

TEST(PicturePatterns, LogarithmIsExact) {
  for (double power = 1e-8; power < 1e12; power *= 1.01) {
    const auto x = static_cast<float>(power);
    const double wanted = std::log1p(static_cast<double>(x));
    EXPECT_NEAR(LogOfOneAnd(x), wanted, 1e-6 * std::max(1.0, wanted)) << x;
  }
  EXPECT_EQ(LogOfOneAnd(0), 0.0f);
}

/// Columns of upright seams.
std::vector<double> DirectSeams(const LumaPlane& luma, int64_t height,
                                int64_t width) {
  const auto step = [&](int64_t y, int64_t x) {
    return std::abs(luma.At(y, x + 1) - luma.At(y, x));
  };
  std::vector<double> columns;
  for (const int codes : {1, 2, 3, 4, 6, 8}) {
    double above = 0, places = 0;
    for (int64_t y = 0; y + 14 <= height; ++y) {
      for (int64_t x = 1; x + 1 < width - 1; ++x) {
        double sum = 0;
        for (int64_t down = y; down < y + 14; ++down) {
          const int beside = std::max(step(down, x - 1), step(down, x + 1));
          sum += std::clamp(step(down, x) - beside, 0, 16 * 64);
        }
        above += sum / (14 * 64) > codes ? 1 : 0;
        places += 1;
      }
    }
    columns.push_back(std::sqrt(std::sqrt(above / places)));
  }
  return columns;
}

TEST(PicturePatterns, SeamsEqualDirectOnes) {
  at::manual_seed(24);
  at::Tensor codes = at::randint(0, 30, {1, 3, 45, 38});
  codes.narrow(2, 10, 16).narrow(3, 7, 20).add_(25);
  auto wanted = DirectSeams(LumaPlane(codes), 45, 38);
  const auto level = DirectSeams(LumaPlane(codes.transpose(2, 3)), 38, 45);
  wanted.insert(wanted.end(), level.begin(), level.end());
  EXPECT_TRUE(
      at::allclose(Seams(codes), at::tensor(wanted).to(at::kFloat), 1e-5, 1e-6))
      << Seams(codes) << wanted;
  EXPECT_GT(wanted.front(), 0.4);
  EXPECT_GT(wanted.back(), 0.0);
}

TEST(PicturePatterns, PastedBlocksHaveSeams) {
  // A wave, at most 4 codes from pixel to pixel.
  const at::Tensor place = at::arange(160).to(at::kFloat) / 12;
  at::Tensor codes =
      (128 + 40 * (place.sin().view({1, 160}) + place.cos().view({160, 1})))
          .round()
          .expand({1, 3, 160, 160})
          .clone();
  EXPECT_EQ(Seams(codes)[1].item<float>(), 0.0f);
  EXPECT_EQ(Seams(codes)[kSeamLevels + 1].item<float>(), 0.0f);
  codes.narrow(2, 60, 32).narrow(3, 90, 32).add_(30);
  const at::Tensor found = Seams(codes);
  for (const int64_t kind : {0, kSeamLevels}) {
    // Two seams of 32 pixels, in full or, by half or more, in part.
    const double places = (160 - 3) * (160 - 13);
    const double share = std::pow(found[kind + 5].item<double>(), 4);
    EXPECT_GT(share, 2 * (32 - 13) / places);
    EXPECT_LT(share, 2 * (32 + 13) / places);
  }
}

/// Counts by shift, then of textured pixels.
std::vector<double> DirectCopies(const at::Tensor& codes) {
  const LumaPlane luma(codes);
  const int64_t rows = codes.size(2);
  const int64_t width = codes.size(3);
  const at::Tensor bytes = codes[0].to(at::kInt).contiguous();
  const auto at = bytes.accessor<int, 3>();
  const auto same = [&](int64_t y, int64_t x, int64_t down, int64_t right) {
    for (int64_t i = 0; i < 27; ++i) {
      const int64_t v = y + i / 3 % 3 - 1, u = x + i % 3 - 1;
      if (at[i / 9][v][u] != at[i / 9][v + down][u + right]) return false;
    }
    return true;
  };
  const auto textured = [&](int64_t y, int64_t x) {
    int sum = 9 * luma.At(y, x);
    for (int64_t i = 0; i < 9; ++i)
      sum -= luma.At(y + i / 3 - 1, x + i % 3 - 1);
    return std::abs(sum) > 9 * 64;
  };
  std::vector<double> counts;
  for (int64_t down = 0; down <= 8; ++down) {
    for (int64_t right = -8; right <= 8; ++right) {
      if (std::abs(right) + down < 3 || (down == 0 && right <= 2)) continue;
      double count = 0;
      for (int64_t y = 1; y + down < rows - 1; ++y) {
        for (int64_t x = std::max<int64_t>(1, 1 - right);
             x < width - 1 && x + right < width - 1; ++x) {
          count += textured(y, x) && same(y, x, down, right) ? 1 : 0;
        }
      }
      counts.push_back(count);
    }
  }
  counts.push_back(0);
  for (int64_t y = 1; y < rows - 1; ++y) {
    for (int64_t x = 1; x < width - 1; ++x) {
      counts.back() += textured(y, x) ? 1 : 0;
    }
  }
  return counts;
}

void ExpectCopies(const at::Tensor& codes) {
  std::vector<double> counts = DirectCopies(codes);
  ASSERT_EQ(counts.size(), 139u);
  const double textured = counts.back();
  counts.pop_back();
  std::sort(counts.begin(), counts.end());
  const auto pixels =
      static_cast<double>((codes.size(2) - 2) * (codes.size(3) - 2));
  const double mean = std::accumulate(counts.begin(), counts.end(), 0.0) / 138;
  const double median = (counts[68] + counts[69]) / 2;
  const at::Tensor found = Copies(codes);
  EXPECT_FLOAT_EQ(found[0].item<float>(),
                  static_cast<float>(std::sqrt(mean / pixels)));
  EXPECT_FLOAT_EQ(found[1].item<float>(),
                  static_cast<float>(std::sqrt(counts.back() / pixels)));
  EXPECT_FLOAT_EQ(found[2].item<float>(),
                  static_cast<float>(std::sqrt(median / pixels)));
  EXPECT_FLOAT_EQ(found[3].item<float>(),
                  static_cast<float>(std::sqrt(mean / (textured + 256))));
}

TEST(PicturePatterns, CopiesEqualDirectOnes) {
  at::manual_seed(25);
  // Of two tones much looks the same by chance.
  ExpectCopies(
      (at::rand({1, 1, 210, 43}) < 0.3).to(at::kInt).expand({1, 3, 210, 43}) *
      90);
  // A row of tiles, whole at a shift of 6 right and of 4 down.
  ExpectCopies(at::randint(0, 256, {1, 3, 4, 6}).repeat({1, 1, 9, 5}));
  ExpectCopies(at::randint(0, 256, {1, 3, 16, 16}));
}

TEST(PicturePatterns, ACopiedPatchIsFound) {
  at::manual_seed(26);
  at::Tensor codes = at::randint(0, 256, {1, 3, 160, 160});
  EXPECT_EQ(Copies(codes).max().item<float>(), 0.0f);
  const at::Tensor patch = codes.narrow(2, 20, 100).narrow(3, 20, 100).clone();
  codes.narrow(2, 23, 100).narrow(3, 25, 100).copy_(patch);
  const at::Tensor found = Copies(codes);
  EXPECT_GT(found[1].item<float>(), 0.1f);
  EXPECT_FLOAT_EQ(found[0].item<float>(),
                  found[1].item<float>() / std::sqrt(138.0f))
      << "at one shift alone";
  EXPECT_EQ(found[2].item<float>(), 0.0f);
  ExpectCopies(codes);
  // Grey has copies everywhere, but nothing to see in them.
  EXPECT_EQ(Copies(at::full({1, 3, 64, 64}, 99)).max().item<float>(), 0.0f);
}

at::Tensor Shifts(const at::Tensor& codes) {
  return Columns(codes, kShiftsFrom, kShiftColumns);
}
at::Tensor Flats(const at::Tensor& codes) {
  return Columns(codes, kFlatsFrom, kFlatColumns);
}

/// Largest correlation by ring.
std::vector<double> DirectShifts(const at::Tensor& codes) {
  const at::Tensor planes = codes[0].to(at::kInt).contiguous();
  const auto at = planes.accessor<int, 3>();
  const auto residual = [&](int64_t plane, int64_t y, int64_t x) {
    const int value = 4 * at[plane][y][x] - at[plane][y - 1][x] -
                      at[plane][y + 1][x] - at[plane][y][x - 1] -
                      at[plane][y][x + 1];
    return static_cast<double>(std::clamp(value, -100, 100));
  };
  std::vector<double> most(kShiftColumns, -1e30);
  double power_red = 0, power_green = 0, pixels = 0;
  const int64_t height = codes.size(2), width = codes.size(3);
  for (int64_t down = -12; down <= 12; ++down) {
    for (int64_t right = -12; right <= 12; ++right) {
      const double length =
          std::sqrt(static_cast<double>(down * down + right * right));
      double sum = 0;
      for (int64_t y = 13; y < height - 13; y += 4) {
        for (int64_t x = 13; x < width - 13; ++x) {
          const double red = residual(0, y, x);
          sum += red * residual(1, y + down, x + right);
          if (down != 0 || right != 0) continue;
          power_red += red * red;
          power_green += std::pow(residual(1, y, x), 2);
          pixels += 1;
        }
      }
      const std::array<int, 8> radii{0, 1, 2, 3, 4, 6, 8, 12};
      for (size_t ring = 0; ring < radii.size(); ++ring) {
        if (std::lround(length) != radii[ring]) continue;
        most[ring] = std::max(most[ring], sum);
      }
    }
  }
  for (double& value : most) {
    value /= std::sqrt(power_red * power_green) + 0.1 * pixels;
  }
  return most;
}

TEST(PicturePatterns, ShiftsEqualDirectOnes) {
  at::manual_seed(31);
  const at::Tensor codes = at::randint(0, 60, {1, 3, 40, 45});
  EXPECT_TRUE(at::allclose(Shifts(codes),
                           at::tensor(DirectShifts(codes)).to(at::kFloat), 1e-5,
                           1e-6));
  EXPECT_EQ(
      Shifts(at::randint(0, 60, {1, 3, 26, 40})).abs().max().item<float>(),
      0.0f)
      << "too small";
}

TEST(PicturePatterns, ADisplacedChannelIsFound) {
  at::manual_seed(32);
  const at::Tensor noise = at::randint(100, 140, {1, 1, 120, 120});
  const std::array<std::array<int64_t, 2>, 4> places{
      {{0, 0}, {0, 1}, {-4, 4}, {5, -11}}};
  const std::array<int64_t, 4> rings{0, 1, 5, 7};
  for (size_t i = 0; i < places.size(); ++i) {
    at::Tensor codes = noise.repeat({1, 3, 1, 1});
    codes.select(1, 1).copy_(
        noise.roll({places[i][0], places[i][1]}, {2, 3}).select(1, 0));
    const at::Tensor found = Shifts(codes);
    EXPECT_EQ(found.argmax().item<int64_t>(), rings[i]);
    EXPECT_GT(found[rings[i]].item<float>(), 0.9f);
  }
}

TEST(PicturePatterns, FlatsAreCounted) {
  at::manual_seed(33);
  // Noise in which no two neighbours are equal.
  const at::Tensor board =
      (at::arange(100).view({100, 1}) + at::arange(120)).remainder(2) * 100;
  at::Tensor codes =
      (board + at::randint(0, 40, {1, 3, 100, 120})).to(at::kLong);
  EXPECT_EQ(Flats(codes).max().item<float>(), 0.0f);
  const double area = 100 * 120;
  codes.narrow(2, 0, 16).narrow(3, 100, 20).fill_(77);  // at the edge
  const auto share = [&](double pixels) {
    return static_cast<float>(std::sqrt(pixels / area));
  };
  EXPECT_FLOAT_EQ(Flats(codes)[0].item<float>(), share(16 * 20));
  EXPECT_EQ(Flats(codes)[1].item<float>(), 0.0f);
  codes.narrow(2, 50, 32).narrow(3, 10, 32).fill_(12);
  codes.narrow(2, 50, 15).narrow(3, 60, 40).fill_(13);  // too low
  EXPECT_FLOAT_EQ(Flats(codes)[0].item<float>(), share(16 * 20 + 32 * 32));
  EXPECT_FLOAT_EQ(Flats(codes)[1].item<float>(), share(32 * 32));
  codes.select(1, 2).narrow(1, 60, 1).narrow(2, 10, 32).fill_(90);  // blue
  EXPECT_FLOAT_EQ(Flats(codes)[0].item<float>(), share(16 * 20 + 21 * 32));
}

}  // namespace
}  // namespace graphiqa
