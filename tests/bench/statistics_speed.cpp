// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// Times what PictureStatistics() sums of a view of 320x320 pixels, group by
/// group, on one core, and prints a Markdown table: the least of many rounds,
/// ms.
#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "network/picture_planes.h"
#include "network/picture_statistics.h"
#include "network/picture_sums.h"

namespace graphiqa {
namespace {

constexpr int kRounds = 200;
constexpr int kSide = 320;
constexpr ColourScale kScale{{0.485f, 0.456f, 0.406f},
                             {0.229f, 0.224f, 0.225f}};

double LeastMs(const std::function<void()>& what) {
  double least = 1e9;
  for (int round = 0; round < kRounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    what();
    least = std::min(least, std::chrono::duration<double, std::milli>(
                                std::chrono::steady_clock::now() - start)
                                .count());
  }
  return least;
}

/// A normalised picture, [1,3,S,S], as the engine has it.
template <typename Code>
at::Tensor PictureOf(const Code& code) {
  at::Tensor images = at::empty({1, 3, kSide, kSide}, at::kFloat)
                          .contiguous(at::MemoryFormat::ChannelsLast);
  float* to = images.mutable_data_ptr<float>();
  for (int i = 0; i < kSide * kSide * 3; ++i) {
    const auto c = static_cast<size_t>(i % 3);
    const double value = code(i / 3 % kSide, i / 3 / kSide, i % 3);
    const double whole = std::round(std::clamp(value, 0.0, 255.0));
    to[i] = static_cast<float>((whole / 255 - kScale.mean[c]) / kScale.std[c]);
  }
  return images;
}

at::Tensor NoiseAndGradient() {
  std::mt19937 random(1);
  return PictureOf([&](int x, int y, int c) {
    return 0.4 * x + 0.3 * y + 10 * c + static_cast<double>(random() % 21);
  });
}

/// Smooth areas with edges between them, texture in one half, an area that is
/// white throughout, and a little noise.
at::Tensor LikeAPhoto() {
  std::mt19937 random(2);
  return PictureOf([&](int x, int y, int c) {
    if (x > 200 && y < 70) return 255.0;
    const double shade = 60 * std::sin(x / 90.0 + c) + 50 * std::cos(y / 70.0);
    const double edges = std::hypot(x - 150, y - 170) < 80 ? 60 : 0;
    const double texture = y > 160 ? 12 * std::sin(x * 0.9 + y * 0.4) : 0;
    return 110 + shade + edges + texture + static_cast<double>(random() % 5);
  });
}

using Groups = std::vector<std::pair<std::string, double>>;

Groups TimeGroups(const at::Tensor& images) {
  Scratch memory, scratch;
  PicturePlanes planes(kSide, kSide, &memory);
  int64_t sums[kPictureSums] = {};
  double spectrum[kSpectrumColumns];
  Groups groups;
  groups.emplace_back(
      "codes", LeastMs([&] {
        ReadPicture({images.const_data_ptr<float>(), 3, 1}, kScale, &planes);
      }));
  const auto add = [&](const char* name, const auto& sum, auto* to) {
    groups.emplace_back(name, LeastMs([&] {
                          scratch.Clear();
                          sum(planes, &scratch, to);
                        }));
  };
  add("bins", SumBins, sums);
  add("residuals", SumResiduals, sums);
  add("structure", SumStructure, sums);
  add("pairs", SumPairs, sums);
  add("spectrum", SumSpectrum, spectrum);
  add("seams", SumSeams, sums + kSeamCounts);
  add("copies", SumCopies, sums + kCopyCounts);
  add("shifts", SumShifts, sums + kShiftCounts);
  add("flats", SumFlats, sums + kFlatCounts);
  groups.emplace_back("**all**",
                      LeastMs([&] { PictureStatistics(images, kScale); }));
  return groups;
}

}  // namespace
}  // namespace graphiqa

int main() {
  at::set_num_threads(1);
  const auto noise = graphiqa::TimeGroups(graphiqa::NoiseAndGradient());
  const auto photo = graphiqa::TimeGroups(graphiqa::LikeAPhoto());
  std::printf(
      "| group | noise and gradient | like a photo |\n| --- | --- | --- |\n");
  for (size_t i = 0; i < noise.size(); ++i) {
    std::printf("| %s | %.3f | %.3f |\n", noise[i].first.c_str(),
                noise[i].second, photo[i].second);
  }
  return 0;
}
