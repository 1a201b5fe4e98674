// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core/hal/intrin.hpp>

#include "families.h"

namespace graphiqa {
namespace {

constexpr int kIterations = 5;

using Vector = cv::v_float32x4;

/// Weights of the samples at -1, 0, 1, 2 for a point at t in [0, 1): cubic
/// convolution with a = -1/2 (Keys 1981), four polynomials at once.
Vector CubicWeights(float t) {
  const Vector x = cv::v_setall_f32(t);
  Vector sum = Vector(-0.5f, 1.5f, -1.5f, 0.5f) * x;
  sum = (sum + Vector(1.0f, -2.5f, 2.0f, -0.5f)) * x;
  sum = (sum + Vector(-0.5f, 0.0f, 0.5f, 0.0f)) * x;
  return sum + Vector(0.0f, 1.0f, 0.0f, 0.0f);
}

int Margin(const cv::Mat& shift) {
  return static_cast<int>(std::ceil(cv::norm(shift, cv::NORM_INF)));
}

/// The picture with its border replicated and one more sample all around,
/// extrapolated from three as MATLAB's interp2 does.
/// @param picture  CV_32FC4, from 3x3
cv::Mat Pad(const cv::Mat& picture, int rows, int columns) {
  cv::Mat padded;
  cv::copyMakeBorder(picture, padded, rows + 1, rows + 1, columns + 1,
                     columns + 1, cv::BORDER_REPLICATE);
  const int last = padded.rows - 1;
  const auto extrapolate = [](const cv::Mat& a, const cv::Mat& b,
                              const cv::Mat& c) {
    return cv::Mat(3 * a - 3 * b + c);
  };
  extrapolate(padded.row(1), padded.row(2), padded.row(3))
      .copyTo(padded.row(0));
  extrapolate(padded.row(last - 1), padded.row(last - 2), padded.row(last - 3))
      .copyTo(padded.row(last));
  const int right = padded.cols - 1;
  extrapolate(padded.col(1), padded.col(2), padded.col(3))
      .copyTo(padded.col(0));
  extrapolate(padded.col(right - 1), padded.col(right - 2),
              padded.col(right - 3))
      .copyTo(padded.col(right));
  return padded;
}

/// A coordinate split into the index of the first of its four samples and the
/// weights of these.
struct Taps {
  int first;
  Vector weights;

  /// @param position  from the first sample inside the ring
  /// @param size      number of samples inside the ring
  Taps(float position, int size) {
    const float inside =
        std::min(std::max(position, 0.0f), static_cast<float>(size - 1));
    first = std::min(static_cast<int>(inside), size - 2);
    weights = CubicWeights(inside - static_cast<float>(first));
  }
};

/// Four pixels, one vector each, by their weights.
Vector Weigh(const float* pixels, const std::array<Vector, 4>& weights) {
  return (cv::v_load(pixels) * weights[0] +
          cv::v_load(pixels + 4) * weights[1]) +
         (cv::v_load(pixels + 8) * weights[2] +
          cv::v_load(pixels + 12) * weights[3]);
}

/// Each lane in a vector of its own.
std::array<Vector, 4> Spread(const Vector& v) {
  return {cv::v_broadcast_element<0>(v), cv::v_broadcast_element<1>(v),
          cv::v_broadcast_element<2>(v), cv::v_broadcast_element<3>(v)};
}

/// picture(y - down, x - right), bicubic. The margins are crossed as in the
/// generator; what lies even beyond them takes the border's value.
void Displace(const cv::Mat& down, const cv::Mat& right, cv::Mat* picture) {
  const int margin_y = Margin(right);
  const int margin_x = Margin(down);
  const cv::Mat padded = Pad(*picture, margin_y, margin_x);
  const int inner_rows = padded.rows - 2;
  const int inner_columns = padded.cols - 2;
  for (int y = 0; y < picture->rows; ++y) {
    float* const out = picture->ptr<float>(y);
    const float* const shift_y = down.ptr<float>(y);
    const float* const shift_x = right.ptr<float>(y);
    for (int x = 0; x < picture->cols; ++x) {
      const Taps rows(static_cast<float>(y + margin_y) - shift_y[x],
                      inner_rows);
      const Taps columns(static_cast<float>(x + margin_x) - shift_x[x],
                         inner_columns);
      const std::array<Vector, 4> across = Spread(columns.weights);
      const std::array<Vector, 4> along = Spread(rows.weights);
      Vector sum = cv::v_setzero_f32();
      for (int k = 0; k < 4; ++k) {
        const float* const row =
            padded.ptr<float>(rows.first + k) + 4 * columns.first;
        sum += Weigh(row, across) * along[static_cast<size_t>(k)];
      }
      cv::v_store(out + 4 * x, sum);
    }
  }
}

}  // namespace

Planes Jitter(const Source& source, double sigma_px, Draws* draws) {
  Planes planes = ToPlanes(source);
  // Four channels, so that a pixel is one vector.
  const cv::Mat unused = cv::Mat::zeros(planes[0].size(), CV_32F);
  cv::Mat picture;
  cv::merge(
      std::array<cv::Mat, 4>{planes[0], planes[1], planes[2], unused}.data(), 4,
      picture);
  cv::Mat down(planes[0].size(), CV_32F);
  cv::Mat right(planes[0].size(), CV_32F);
  for (int i = 0; i < kIterations; ++i) {
    draws->FillNormal(&down);
    draws->FillNormal(&right);
    down *= sigma_px;
    right *= sigma_px;
    Displace(down, right, &picture);
  }
  std::array<cv::Mat, 4> channels;
  cv::split(picture, channels.data());
  return {channels[0], channels[1], channels[2]};
}

}  // namespace graphiqa
