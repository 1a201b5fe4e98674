// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <vector>

#include "families.h"
#include "palette.h"

namespace graphiqa {
namespace {

/// Nearest palette colour by the upper five bits of each channel, found when
/// first asked for.
class Lookup {
 public:
  explicit Lookup(const std::vector<cv::Vec3b>& palette)
      : palette_(palette), nearest_(size_t{1} << 15, kUnknown) {}

  const cv::Vec3b& Nearest(int r, int g, int b) {
    const int cell = (r >> 3) << 10 | (g >> 3) << 5 | b >> 3;
    uint8_t& index = nearest_[static_cast<size_t>(cell)];
    if (index == kUnknown) {
      index = Search((r & ~7) + 4, (g & ~7) + 4, (b & ~7) + 4);
    }
    return palette_[index];
  }

 private:
  static constexpr uint8_t kUnknown = 255;  // palettes have 64 colours at most

  uint8_t Search(int r, int g, int b) const {
    int least = std::numeric_limits<int>::max();
    uint8_t nearest = 0;
    for (size_t i = 0; i < palette_.size(); ++i) {
      const int dr = palette_[i][0] - r;
      const int dg = palette_[i][1] - g;
      const int db = palette_[i][2] - b;
      const int distance = dr * dr + dg * dg + db * db;
      if (distance < least) {
        least = distance;
        nearest = static_cast<uint8_t>(i);
      }
    }
    return nearest;
  }

  const std::vector<cv::Vec3b>& palette_;
  std::vector<uint8_t> nearest_;
};

/// A sixteenth part of an error, rounded, halves away from zero.
int Part(int weight, int error) {
  return error < 0 ? -((8 - weight * error) / 16) : (8 + weight * error) / 16;
}

/// Floyd and Steinberg's error diffusion along rows, without a change of
/// direction.
void Dither(const std::vector<cv::Vec3b>& palette, cv::Mat* picture) {
  Lookup lookup(palette);
  const auto columns = static_cast<size_t>(picture->cols);
  // One more at either end takes what falls outside.
  std::vector<cv::Vec3i> errors(columns + 2);
  std::vector<cv::Vec3i> next(columns + 2);
  for (int y = 0; y < picture->rows; ++y) {
    auto* const row = picture->ptr<cv::Vec3b>(y);
    std::fill(next.begin(), next.end(), cv::Vec3i());
    for (size_t x = 0; x < columns; ++x) {
      cv::Vec3i value;
      for (int c = 0; c < 3; ++c) {
        value[c] = std::clamp(row[x][c] + errors[x + 1][c], 0, 255);
      }
      row[x] = lookup.Nearest(value[0], value[1], value[2]);
      for (int c = 0; c < 3; ++c) {
        const int error = value[c] - row[x][c];
        errors[x + 2][c] += Part(7, error);
        next[x][c] += Part(3, error);
        next[x + 1][c] += Part(5, error);
        next[x + 2][c] += Part(1, error);
      }
    }
    std::swap(errors, next);
  }
}

}  // namespace

Planes ColorQuantization(const Source& source, double colors,
                         Draws* /*draws*/) {
  const cv::Mat rgb = ToBytes(source);
  const std::vector<cv::Vec3b> palette =
      WuPalette(rgb, static_cast<int>(colors));
  // The generator's dithering runs down the columns.
  cv::Mat picture;
  cv::transpose(rgb, picture);
  Dither(palette, &picture);
  cv::transpose(picture, picture);
  return FromBytes(picture);
}

}  // namespace graphiqa
