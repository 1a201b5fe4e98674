// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <opencv2/core.hpp>

namespace graphiqa {

/// Three planes of one size, CV_32FC1 and continuous: R, G, B in [0, 1] unless
/// said otherwise.
using Planes = std::array<cv::Mat, 3>;

/// Values of the 256 steps of a byte.
using ByteValues = std::array<double, 256>;

/// The picture that a distortion starts from: bytes, and what they stand for.
/// As there are only 256 values, a function of one value is a table.
struct Source {
  cv::Mat rgb;        ///< CV_8UC3, RGB order
  ByteValues values;  ///< in [0, 1] for every byte that occurs
};

/// Bytes / 255, or stretched so that the least byte of the picture is 0 and
/// the greatest 1 (unless they are equal).
Source MakeSource(const cv::Mat& rgb, bool stretch);

Planes NewPlanes(cv::Size size);

/// The source as planes.
Planes ToPlanes(const Source& source);

/// The source with each value replaced by `map` of it.
Planes MapValues(const Source& source,
                 const std::function<double(double)>& map);

/// The source's values * 255 rounded, as what writes an 8-bit file would do.
cv::Mat ToBytes(const Source& source);

/// Bytes / 255 as planes.
/// @param rgb  CV_8UC3
Planes FromBytes(const cv::Mat& rgb);

/// Planes to bytes, halves rounded up.
/// @param stretch  least value to 0 and greatest to 255 (unless equal) before;
///   else values are clamped to [0, 1]
cv::Mat ToPicture(const Planes& planes, bool stretch);

void Clamp(Planes* planes);

/// Number of values of a plane.
inline int PlaneSize(const Planes& planes) {
  return static_cast<int>(planes[0].total());
}

}  // namespace graphiqa
