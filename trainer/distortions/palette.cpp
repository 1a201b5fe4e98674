// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "palette.h"

#include <array>
#include <cstdint>

namespace graphiqa {
namespace {

constexpr int kCells = 32;         // per axis
constexpr int kSide = kCells + 1;  // of a table of sums that starts with zeros

/// What is known about the pixels of a box: number, sum of each channel, sum of
/// all squares. Whole numbers, exact.
struct Sums {
  int64_t count = 0;
  std::array<int64_t, 3> channels{};
  int64_t squares = 0;

  Sums& Add(const Sums& other, int64_t sign) {
    count += sign * other.count;
    for (size_t c = 0; c < 3; ++c) channels[c] += sign * other.channels[c];
    squares += sign * other.squares;
    return *this;
  }

  /// |sum|^2 / count; the larger over the parts, the smaller their error.
  double Merit() const {
    double merit = 0;
    for (int64_t sum : channels) {
      merit += static_cast<double>(sum) * static_cast<double>(sum);
    }
    return merit / static_cast<double>(count);
  }

  double Error() const { return static_cast<double>(squares) - Merit(); }
};

/// Cells with low < index <= high on each axis (R, G, B), from 1.
struct Box {
  std::array<int, 3> low{0, 0, 0};
  std::array<int, 3> high{kCells, kCells, kCells};

  bool IsCell() const {
    return high[0] - low[0] == 1 && high[1] - low[1] == 1 &&
           high[2] - low[2] == 1;
  }
};

/// Sums over boxes from a table of running sums.
class Histogram {
 public:
  explicit Histogram(const cv::Mat& rgb)
      : table_(static_cast<size_t>(kSide * kSide * kSide)) {
    for (int y = 0; y < rgb.rows; ++y) Count(rgb.ptr<cv::Vec3b>(y), rgb.cols);
    for (int axis = 0; axis < 3; ++axis) Accumulate(axis);
  }

  Sums Over(const Box& box) const {
    Sums sums;
    for (int corner = 0; corner < 8; ++corner) {
      std::array<int, 3> at;
      int64_t sign = 1;
      for (int axis = 0; axis < 3; ++axis) {
        const auto a = static_cast<size_t>(axis);
        const bool low = (corner >> axis & 1) != 0;
        at[a] = low ? box.low[a] : box.high[a];
        if (low) sign = -sign;
      }
      sums.Add(table_[Index(at[0], at[1], at[2])], sign);
    }
    return sums;
  }

 private:
  static size_t Index(int r, int g, int b) {
    return static_cast<size_t>((r * kSide + g) * kSide + b);
  }

  void Count(const cv::Vec3b* row, int columns) {
    for (int x = 0; x < columns; ++x) {
      const cv::Vec3b& pixel = row[x];
      Sums& cell = table_[Index((pixel[0] >> 3) + 1, (pixel[1] >> 3) + 1,
                                (pixel[2] >> 3) + 1)];
      ++cell.count;
      for (int c = 0; c < 3; ++c) {
        const int64_t value = pixel[c];
        cell.channels[static_cast<size_t>(c)] += value;
        cell.squares += value * value;
      }
    }
  }

  void Accumulate(int axis) {
    const std::array<size_t, 3> strides = {static_cast<size_t>(kSide * kSide),
                                           static_cast<size_t>(kSide), 1};
    const size_t stride = strides[static_cast<size_t>(axis)];
    for (int r = axis == 0 ? 1 : 0; r < kSide; ++r) {
      for (int g = axis == 1 ? 1 : 0; g < kSide; ++g) {
        for (int b = axis == 2 ? 1 : 0; b < kSide; ++b) {
          const size_t i = Index(r, g, b);
          table_[i].Add(table_[i - stride], 1);
        }
      }
    }
  }

  std::vector<Sums> table_;
};

/// The best plane to split a box at: R before G before B and low before high
/// where several are as good.
struct Split {
  double merit = 0;
  size_t axis = 0;
  int position = -1;  // last index of the lower half; -1 = cannot be split
};

Split FindSplit(const Histogram& histogram, const Box& box) {
  Split best;
  const Sums whole = histogram.Over(box);
  for (size_t axis = 0; axis < 3; ++axis) {
    Box lower = box;
    for (int i = box.low[axis] + 1; i < box.high[axis]; ++i) {
      lower.high[axis] = i;
      const Sums below = histogram.Over(lower);
      const Sums above = Sums(whole).Add(below, -1);
      if (below.count == 0 || above.count == 0) continue;
      const double merit = below.Merit() + above.Merit();
      if (merit > best.merit) best = {merit, axis, i};
    }
  }
  return best;
}

double SplitError(const Histogram& histogram, const Box& box) {
  return box.IsCell() ? 0 : histogram.Over(box).Error();
}

}  // namespace

std::vector<cv::Vec3b> WuPalette(const cv::Mat& rgb, int colors) {
  const Histogram histogram(rgb);
  std::vector<Box> boxes(1);
  std::vector<double> errors = {0};
  size_t next = 0;
  while (static_cast<int>(boxes.size()) < colors) {
    const Split split = FindSplit(histogram, boxes[next]);
    errors[next] = 0;
    if (split.position >= 0) {
      Box upper = boxes[next];
      upper.low[split.axis] = split.position;
      boxes[next].high[split.axis] = split.position;
      errors[next] = SplitError(histogram, boxes[next]);
      errors.push_back(SplitError(histogram, upper));
      boxes.push_back(upper);
    }
    next = 0;
    for (size_t i = 1; i < errors.size(); ++i) {
      if (errors[i] > errors[next]) next = i;
    }
    if (errors[next] <= 0) break;
  }
  std::vector<cv::Vec3b> palette;
  for (const Box& box : boxes) {
    const Sums sums = histogram.Over(box);
    palette.emplace_back(static_cast<uint8_t>(sums.channels[0] / sums.count),
                         static_cast<uint8_t>(sums.channels[1] / sums.count),
                         static_cast<uint8_t>(sums.channels[2] / sums.count));
  }
  return palette;
}

}  // namespace graphiqa
