// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "lab.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

namespace graphiqa {
namespace {

// IEC 61966-2-1: what is linear becomes non-linear and back.
double Linearize(double v) {
  return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

double Delinearize(double v) {
  return v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055;
}

// CIE 15: f(t) is the cube root of t, below (6/29)^3 a line.
constexpr double kKnee = 6.0 / 29;
constexpr double kSlope = 3 * kKnee * kKnee;

double CubeRoot(double t) {
  return t > kKnee * kKnee * kKnee ? std::cbrt(t) : t / kSlope + 4.0 / 29;
}

// A curve over [0, 1] as straight pieces. 16384 keep the error of either curve
// below 3e-6, a thousandth of a byte's step.
class Curve {
 public:
  explicit Curve(double (*function)(double)) {
    for (int i = 0; i <= kPieces + 1; ++i) {
      values_[static_cast<size_t>(i)] =
          static_cast<float>(function(static_cast<double>(i) / kPieces));
    }
  }

  /// @param x  in [0, 1]
  float operator()(float x) const {
    const float position = x * kPieces;
    const int i = static_cast<int>(position);
    const float* const pair = values_.data() + i;
    return pair[0] + (pair[1] - pair[0]) * (position - static_cast<float>(i));
  }

 private:
  static constexpr int kPieces = 16384;
  std::array<float, kPieces + 2> values_;
};

struct ColorSpace {
  cv::Matx33d to_scaled_xyz;  // linear RGB to XYZ / white
  cv::Matx33f to_xyz;
  cv::Matx33f from_xyz;
  Curve cube_root{CubeRoot};
  Curve delinearize{Delinearize};

  ColorSpace() {
    // The columns are the primaries' XYZ, scaled so that they add to the white.
    const cv::Matx33d primaries(0.64 / 0.33, 0.30 / 0.60, 0.15 / 0.06,  //
                                1, 1, 1,                                //
                                0.03 / 0.33, 0.10 / 0.60, 0.79 / 0.06);
    const cv::Vec3d white(0.95047, 1, 1.08883);
    const cv::Vec3d scale = primaries.inv() * white;
    to_scaled_xyz =
        cv::Matx33d::diag(cv::Vec3d(1 / white[0], 1, 1 / white[2])) *
        primaries * cv::Matx33d::diag(scale);
    to_xyz = to_scaled_xyz;
    from_xyz = cv::Matx33d(to_scaled_xyz.inv());
  }
};

const ColorSpace& Space() {
  static const ColorSpace space;
  return space;
}

float InverseCubeRoot(float f) {
  constexpr auto kKneeF = static_cast<float>(kKnee);
  constexpr auto kSlopeF = static_cast<float>(kSlope);
  constexpr auto kOffset = static_cast<float>(4.0 / 29);
  return f > kKneeF ? f * f * f : kSlopeF * (f - kOffset);
}

}  // namespace

Planes ToLab(const Source& source) {
  const ColorSpace& space = Space();
  const Planes linear = MapValues(source, Linearize);
  Planes lab = NewPlanes(source.rgb.size());
  const cv::Matx33f& m = space.to_xyz;
  const int count = PlaneSize(lab);
  for (int i = 0; i < count; ++i) {
    const float r = linear[0].ptr<float>()[i];
    const float g = linear[1].ptr<float>()[i];
    const float b = linear[2].ptr<float>()[i];
    std::array<float, 3> f;
    for (int k = 0; k < 3; ++k) {
      const float xyz = m(k, 0) * r + m(k, 1) * g + m(k, 2) * b;
      f[static_cast<size_t>(k)] = space.cube_root(std::min(xyz, 1.0f));
    }
    lab[0].ptr<float>()[i] = 116 * f[1] - 16;
    lab[1].ptr<float>()[i] = 500 * (f[0] - f[1]);
    lab[2].ptr<float>()[i] = 200 * (f[1] - f[2]);
  }
  return lab;
}

Planes FromLab(const Planes& lab) {
  const ColorSpace& space = Space();
  Planes rgb = NewPlanes(lab[0].size());
  const cv::Matx33f& m = space.from_xyz;
  const int count = PlaneSize(lab);
  for (int i = 0; i < count; ++i) {
    const float fy = (lab[0].ptr<float>()[i] + 16) / 116;
    const float x = InverseCubeRoot(fy + lab[1].ptr<float>()[i] / 500);
    const float y = InverseCubeRoot(fy);
    const float z = InverseCubeRoot(fy - lab[2].ptr<float>()[i] / 200);
    for (int k = 0; k < 3; ++k) {
      // The curve maps 0 to 0 and 1 to 1: clamping before it is enough.
      const float linear = m(k, 0) * x + m(k, 1) * y + m(k, 2) * z;
      rgb[static_cast<size_t>(k)].ptr<float>()[i] =
          space.delinearize(std::min(std::max(linear, 0.0f), 1.0f));
    }
  }
  return rgb;
}

}  // namespace graphiqa
