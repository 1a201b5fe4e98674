// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "fill.h"

#include <cmath>

namespace graphiqa {
namespace {

bool EndsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() &&
         text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// A rule of the table in README.md: the value for t in [-1,1).
using Rule = double (*)(double t, double fan);

/// The first rule that fits the name.
Rule FindRule(const std::string& name, size_t dimensions) {
  if (EndsWith(name, ".num_batches_tracked")) {
    return [](double, double) { return 0.0; };
  }
  if (EndsWith(name, ".running_mean")) {
    return [](double t, double) { return t / 32; };
  }
  if (EndsWith(name, ".running_var")) {
    return [](double t, double) { return 1 + t / 2; };
  }
  if (EndsWith(name, ".bias")) {
    if (name.compare(0, 10, "extractor.") == 0) {
      return [](double t, double) { return t / 32 - 0.375; };
    }
    return [](double t, double) { return t / 8; };
  }
  if (dimensions == 1) {
    if (EndsWith(name, ".bn3.weight")) {
      return [](double t, double) { return (1 + t / 8) / 8; };
    }
    return [](double t, double) { return 1 + t / 8; };
  }
  if (dimensions == 4) {
    return [](double t, double fan) { return std::sqrt(10.0 / fan) * t; };
  }
  if (EndsWith(name, ".gcn_e.gcn.W1.weight")) {
    return [](double t, double) { return 8 * t; };
  }
  return [](double t, double fan) { return std::sqrt(6.0 / fan) * t; };
}

/// How a picture is mixed; picture n uses entry n % 8.
struct Recipe {
  int side;    ///< of a coarse square, pixels
  int weight;  ///< of the squares, sixteenths
  std::array<int, 3> lowest;
  std::array<int, 3> span;
};

constexpr Recipe kRecipes[8] = {{4, 8, {0, 0, 0}, {255, 255, 255}},
                                {16, 12, {96, 0, 0}, {160, 24, 24}},
                                {56, 14, {0, 180, 160}, {32, 60, 90}},
                                {8, 4, {0, 0, 0}, {40, 40, 40}},
                                {28, 16, {200, 190, 40}, {55, 60, 90}},
                                {2, 10, {20, 30, 140}, {60, 80, 110}},
                                {32, 6, {180, 180, 180}, {75, 75, 75}},
                                {7, 15, {60, 120, 10}, {180, 40, 240}}};

}  // namespace

uint64_t Fnv1a64(const std::string& text) {
  uint64_t hash = 14695981039346656037u;
  for (const char c : text) {
    hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211u;
  }
  return hash;
}

uint32_t FillBits(uint64_t stream, uint64_t index) {
  uint64_t z = stream + index + 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return static_cast<uint32_t>((z ^ (z >> 31)) >> 40);
}

std::vector<float> FillParameter(const std::string& name,
                                 const std::vector<int64_t>& shape,
                                 const std::string& salt) {
  uint64_t count = 1;
  double fan = 1;
  for (size_t i = 0; i < shape.size(); ++i) {
    count *= static_cast<uint64_t>(shape[i]);
    if (i > 0) fan *= static_cast<double>(shape[i]);
  }
  const Rule rule = FindRule(name, shape.size());
  const uint64_t stream = Fnv1a64(salt + name);
  std::vector<float> values(count);
  for (uint64_t i = 0; i < count; ++i) {
    const double t = 2.0 * (FillBits(stream, i) / 16777216.0) - 1.0;
    values[i] = static_cast<float>(rule(t, fan));
  }
  return values;
}

std::vector<uint8_t> FillImageBytes(int index, const std::string& salt) {
  constexpr int kSide = kFillImageSide;
  const Recipe& recipe = kRecipes[index % 8];
  const std::string name = salt + "image." + std::to_string(index);
  const uint64_t fine_stream = Fnv1a64(name + ".fine");
  const uint64_t coarse_stream = Fnv1a64(name + ".coarse");
  const auto byte = [](uint64_t stream, int c, int y, int x) {
    const auto at = static_cast<uint64_t>((c * kSide + y) * kSide + x);
    return static_cast<int>(FillBits(stream, at) >> 16);
  };
  std::vector<uint8_t> bytes;
  bytes.reserve(3 * kSide * kSide);
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const int coarse =
            byte(coarse_stream, c, y / recipe.side, x / recipe.side);
        const int mix = (recipe.weight * coarse +
                         (16 - recipe.weight) * byte(fine_stream, c, y, x)) /
                        16;
        const auto channel = static_cast<size_t>(c);
        bytes.push_back(static_cast<uint8_t>(recipe.lowest[channel] +
                                             mix * recipe.span[channel] / 256));
      }
    }
  }
  return bytes;
}

std::vector<float> FillImage(int index, const std::string& salt) {
  constexpr float kMean[3] = {0.485f, 0.456f, 0.406f};
  constexpr float kStd[3] = {0.229f, 0.224f, 0.225f};
  const std::vector<uint8_t> bytes = FillImageBytes(index, salt);
  constexpr size_t kPlane = size_t{kFillImageSide} * kFillImageSide;
  std::vector<float> values(bytes.size());
  for (size_t i = 0; i < bytes.size(); ++i) {
    const size_t channel = i / kPlane;
    const float scaled = static_cast<float>(bytes[i]) / 255.0f;
    values[i] = (scaled - kMean[channel]) / kStd[channel];
  }
  return values;
}

}  // namespace graphiqa
