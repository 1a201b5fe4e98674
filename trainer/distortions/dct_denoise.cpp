// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "dct_denoise.h"

#include <array>
#include <opencv2/core/hal/intrin.hpp>
#include <vector>

namespace graphiqa {
namespace {

using Vector = cv::v_float32x4;

constexpr int kSide = 8;
constexpr int kStep = 2;   // px between blocks
constexpr int kLanes = 4;  // of a Vector

// cos(k pi / 16) / 2
constexpr float kC1 = 0.49039264f;
constexpr float kC2 = 0.46193977f;
constexpr float kC3 = 0.41573481f;
constexpr float kC4 = 0.35355339f;
constexpr float kC5 = 0.27778512f;
constexpr float kC6 = 0.19134172f;
constexpr float kC7 = 0.09754516f;

Vector Scaled(const Vector& v, float factor) {
  return v * cv::v_setall_f32(factor);
}

/// Orthonormal cosine transform (DCT-II) of eight values, four at a time.
void Forward(std::array<Vector, kSide>* values) {
  std::array<Vector, kSide>& v = *values;
  const Vector s0 = v[0] + v[7];
  const Vector s1 = v[1] + v[6];
  const Vector s2 = v[2] + v[5];
  const Vector s3 = v[3] + v[4];
  const Vector d0 = v[0] - v[7];
  const Vector d1 = v[1] - v[6];
  const Vector d2 = v[2] - v[5];
  const Vector d3 = v[3] - v[4];
  v[0] = Scaled((s0 + s3) + (s1 + s2), kC4);
  v[4] = Scaled((s0 + s3) - (s1 + s2), kC4);
  v[2] = Scaled(s0 - s3, kC2) + Scaled(s1 - s2, kC6);
  v[6] = Scaled(s0 - s3, kC6) - Scaled(s1 - s2, kC2);
  v[1] = Scaled(d0, kC1) + Scaled(d1, kC3) + Scaled(d2, kC5) + Scaled(d3, kC7);
  v[3] = Scaled(d0, kC3) - Scaled(d1, kC7) - Scaled(d2, kC1) - Scaled(d3, kC5);
  v[5] = Scaled(d0, kC5) - Scaled(d1, kC1) + Scaled(d2, kC7) + Scaled(d3, kC3);
  v[7] = Scaled(d0, kC7) - Scaled(d1, kC5) + Scaled(d2, kC3) - Scaled(d3, kC1);
}

/// The transpose of Forward(), which is its inverse.
void Inverse(std::array<Vector, kSide>* values) {
  std::array<Vector, kSide>& v = *values;
  const Vector e0 = Scaled(v[0] + v[4], kC4);
  const Vector e1 = Scaled(v[0] - v[4], kC4);
  const Vector f0 = Scaled(v[2], kC2) + Scaled(v[6], kC6);
  const Vector f1 = Scaled(v[2], kC6) - Scaled(v[6], kC2);
  const Vector d0 = Scaled(v[1], kC1) + Scaled(v[3], kC3) + Scaled(v[5], kC5) +
                    Scaled(v[7], kC7);
  const Vector d1 = Scaled(v[1], kC3) - Scaled(v[3], kC7) - Scaled(v[5], kC1) -
                    Scaled(v[7], kC5);
  const Vector d2 = Scaled(v[1], kC5) - Scaled(v[3], kC1) + Scaled(v[5], kC7) +
                    Scaled(v[7], kC3);
  const Vector d3 = Scaled(v[1], kC7) - Scaled(v[3], kC5) + Scaled(v[5], kC3) -
                    Scaled(v[7], kC1);
  v[0] = e0 + f0 + d0;
  v[7] = e0 + f0 - d0;
  v[1] = e1 + f1 + d1;
  v[6] = e1 + f1 - d1;
  v[2] = e1 - f1 + d2;
  v[5] = e1 - f1 - d2;
  v[3] = e0 - f0 + d3;
  v[4] = e0 - f0 - d3;
}

/// Blocks of one height: the columns of eight pixels transformed, eight
/// coefficients a column one after the other, and the sums of what the blocks
/// make of them. The way back along the columns is linear, so it is gone once
/// for all blocks together.
class Strip {
 public:
  explicit Strip(int columns)
      : coefficients_(static_cast<size_t>(columns * kSide)),
        sums_(coefficients_.size()),
        weights_(static_cast<size_t>(columns)) {}

  void Load(const cv::Mat& plane, int y) {
    for (int x = 0; x < plane.cols; x += kLanes) {
      std::array<Vector, kSide> v;
      for (int r = 0; r < kSide; ++r) {
        v[static_cast<size_t>(r)] = cv::v_load(plane.ptr<float>(y + r) + x);
      }
      Forward(&v);
      float* const to = coefficients_.data() + x * kSide;
      for (size_t half = 0; half < 2; ++half) {
        std::array<Vector, kLanes> t;
        cv::v_transpose4x4(v[4 * half], v[4 * half + 1], v[4 * half + 2],
                           v[4 * half + 3], t[0], t[1], t[2], t[3]);
        for (size_t column = 0; column < kLanes; ++column) {
          cv::v_store(to + column * kSide + 4 * half, t[column]);
        }
      }
    }
    std::fill(sums_.begin(), sums_.end(), 0.0f);
    std::fill(weights_.begin(), weights_.end(), 0.0f);
  }

  /// Transforms a block along its rows, keeps what is large, goes back.
  void AddBlock(int x, float threshold) {
    std::array<std::array<Vector, kSide>, 2> halves;
    const float* const from = coefficients_.data() + x * kSide;
    Vector kept = cv::v_setzero_f32();
    const float mean = Transform(from, &halves);
    for (std::array<Vector, kSide>& half : halves) {
      for (Vector& v : half) kept += Cut(threshold, &v);
    }
    // The mean stays, however small.
    float count = cv::v_reduce_sum(kept);
    if (std::abs(mean) < threshold) {
      halves[0][0] += Vector(mean, 0, 0, 0);
      count += 1;
    }
    const float weight = 1 / count;
    for (size_t h = 0; h < 2; ++h) {
      Inverse(&halves[h]);
      float* const to = sums_.data() + x * kSide + 4 * h;
      for (size_t i = 0; i < kSide; ++i) {
        float* const sum = to + i * kSide;
        cv::v_store(sum, cv::v_load(sum) + Scaled(halves[h][i], weight));
      }
    }
    for (int i = 0; i < kSide; ++i)
      weights_[static_cast<size_t>(x + i)] += weight;
  }

  /// Adds the strip's pixels, and the weight of each.
  void Store(int y, cv::Mat* pixels, cv::Mat* weights) const {
    for (int x = 0; x < pixels->cols; x += kLanes) {
      std::array<Vector, kSide> v;
      const float* const from = sums_.data() + x * kSide;
      for (size_t half = 0; half < 2; ++half) {
        std::array<Vector, kLanes> t;
        for (size_t column = 0; column < kLanes; ++column) {
          t[column] = cv::v_load(from + column * kSide + 4 * half);
        }
        cv::v_transpose4x4(t[0], t[1], t[2], t[3], v[4 * half], v[4 * half + 1],
                           v[4 * half + 2], v[4 * half + 3]);
      }
      Inverse(&v);
      const Vector weight = cv::v_load(weights_.data() + x);
      for (int r = 0; r < kSide; ++r) {
        float* const pixel = pixels->ptr<float>(y + r) + x;
        float* const sum = weights->ptr<float>(y + r) + x;
        cv::v_store(pixel, cv::v_load(pixel) + v[static_cast<size_t>(r)]);
        cv::v_store(sum, cv::v_load(sum) + weight);
      }
    }
  }

 private:
  /// @returns the coefficient that stands for the block's mean
  static float Transform(const float* from,
                         std::array<std::array<Vector, kSide>, 2>* halves) {
    for (size_t h = 0; h < 2; ++h) {
      for (size_t i = 0; i < kSide; ++i) {
        (*halves)[h][i] = cv::v_load(from + i * kSide + 4 * h);
      }
      Forward(&(*halves)[h]);
    }
    return (*halves)[0][0].get0();
  }

  /// Zeroes what is below the threshold. @returns 1 in each lane that is kept
  static Vector Cut(float threshold, Vector* v) {
    const Vector keep = cv::v_abs(*v) >= cv::v_setall_f32(threshold);
    *v = *v & keep;
    return keep & cv::v_setall_f32(1);
  }

  std::vector<float> coefficients_;
  std::vector<float> sums_;
  std::vector<float> weights_;
};

}  // namespace

cv::Mat DctDenoise(const cv::Mat& plane, float threshold) {
  // A margin on all sides, so that every pixel is in as many blocks; and what
  // makes the size suit whole vectors and steps.
  constexpr int kMargin = kSide - kStep;
  const int columns = (plane.cols + 2 * kMargin + kLanes - 1) / kLanes * kLanes;
  const int rows = (plane.rows + 2 * kMargin + kStep - 1) / kStep * kStep;
  cv::Mat padded;
  cv::copyMakeBorder(plane, padded, kMargin, rows - plane.rows - kMargin,
                     kMargin, columns - plane.cols - kMargin,
                     cv::BORDER_REPLICATE);
  cv::Mat pixels = cv::Mat::zeros(padded.size(), CV_32F);
  cv::Mat weights = cv::Mat::zeros(padded.size(), CV_32F);
  Strip strip(columns);
  for (int y = 0; y + kSide <= rows; y += kStep) {
    strip.Load(padded, y);
    for (int x = 0; x + kSide <= columns; x += kStep) {
      strip.AddBlock(x, threshold);
    }
    strip.Store(y, &pixels, &weights);
  }
  const cv::Rect inside(kMargin, kMargin, plane.cols, plane.rows);
  cv::Mat denoised;
  cv::divide(pixels(inside), weights(inside), denoised);
  return denoised;
}

}  // namespace graphiqa
