// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "families.h"

namespace graphiqa {
namespace {

float ToUnitRange(float value) { return std::min(std::max(value, 0.0f), 1.0f); }

/// plane + sigma * normal, clamped to [0, 1].
void AddNormal(cv::Mat* plane, double variance, Draws* draws) {
  cv::Mat noise(plane->size(), CV_32F);
  draws->FillNormal(&noise);
  const auto sigma = static_cast<float>(std::sqrt(variance));
  float* const values = plane->ptr<float>();
  const float* const n = noise.ptr<float>();
  const int count = static_cast<int>(plane->total());
  for (int i = 0; i < count; ++i) {
    values[i] = ToUnitRange(values[i] + sigma * n[i]);
  }
}

// ITU-R BT.601 studio range, for RGB, Y, Cb, Cr in [0, 1]: scale and offset.
const cv::Matx33d kToYcbcr(65.481, 128.553, 24.966,  //
                           -37.797, -74.203, 112,    //
                           112, -93.786, -18.214);
const cv::Vec3d kOffset(16, 128, 128);

/// Each pixel p of the planes becomes m * p + offset.
void Transform(const cv::Matx33d& matrix, const cv::Vec3d& offset,
               Planes* planes) {
  const cv::Matx33f m = matrix;
  const cv::Vec3f o = offset;
  float* const p0 = (*planes)[0].ptr<float>();
  float* const p1 = (*planes)[1].ptr<float>();
  float* const p2 = (*planes)[2].ptr<float>();
  const int count = PlaneSize(*planes);
  for (int i = 0; i < count; ++i) {
    const float a = p0[i];
    const float b = p1[i];
    const float c = p2[i];
    p0[i] = m(0, 0) * a + m(0, 1) * b + m(0, 2) * c + o[0];
    p1[i] = m(1, 0) * a + m(1, 1) * b + m(1, 2) * c + o[1];
    p2[i] = m(2, 0) * a + m(2, 1) * b + m(2, 2) * c + o[2];
  }
}

}  // namespace

Planes WhiteNoise(const Source& source, double variance, Draws* draws) {
  Planes planes = ToPlanes(source);
  for (cv::Mat& plane : planes) AddNormal(&plane, variance, draws);
  return planes;
}

Planes WhiteNoiseColorComponent(const Source& source, double variance,
                                Draws* draws) {
  Planes planes = ToPlanes(source);
  const cv::Matx33d matrix = kToYcbcr * (1.0 / 255);
  const cv::Vec3d offset = kOffset / 255.0;
  Transform(matrix, offset, &planes);
  for (cv::Mat& plane : planes) AddNormal(&plane, variance, draws);
  const cv::Matx33d inverse = matrix.inv();
  Transform(inverse, -(inverse * offset), &planes);
  Clamp(&planes);
  return planes;
}

Planes ImpulseNoise(const Source& source, double density, Draws* draws) {
  // Each value alone, so the impulses are coloured.
  Planes planes = ToPlanes(source);
  cv::Mat uniform(planes[0].size(), CV_32F);
  const auto high = static_cast<float>(density);
  const float low = high / 2;
  for (cv::Mat& plane : planes) {
    draws->FillUnit(&uniform);
    float* const values = plane.ptr<float>();
    const float* const u = uniform.ptr<float>();
    const int count = static_cast<int>(plane.total());
    for (int i = 0; i < count; ++i) {
      values[i] = u[i] >= high ? values[i] : (u[i] < low ? 0.0f : 1.0f);
    }
  }
  return planes;
}

Planes MultiplicativeNoise(const Source& source, double variance,
                           Draws* draws) {
  // Uniform noise: sqrt(12 v) wide has the variance v.
  Planes planes = ToPlanes(source);
  cv::Mat uniform(planes[0].size(), CV_32F);
  const auto width = static_cast<float>(std::sqrt(12 * variance));
  for (cv::Mat& plane : planes) {
    draws->FillUnit(&uniform);
    float* const values = plane.ptr<float>();
    const float* const u = uniform.ptr<float>();
    const int count = static_cast<int>(plane.total());
    for (int i = 0; i < count; ++i) {
      values[i] = ToUnitRange(values[i] + width * values[i] * (u[i] - 0.5f));
    }
  }
  return planes;
}

}  // namespace graphiqa
