// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "planes.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace graphiqa {
namespace {

uint8_t RoundToByte(double value) {
  return static_cast<uint8_t>(std::clamp(value, 0.0, 1.0) * 255.0 + 0.5);
}

Planes Lookup(const cv::Mat& rgb, const std::array<float, 256>& table) {
  Planes planes = NewPlanes(rgb.size());
  float* const r = planes[0].ptr<float>();
  float* const g = planes[1].ptr<float>();
  float* const b = planes[2].ptr<float>();
  size_t i = 0;
  for (int y = 0; y < rgb.rows; ++y) {
    const uint8_t* row = rgb.ptr<uint8_t>(y);
    for (int x = 0; x < rgb.cols; ++x, ++i, row += 3) {
      r[i] = table[row[0]];
      g[i] = table[row[1]];
      b[i] = table[row[2]];
    }
  }
  return planes;
}

/// Least and greatest value over all planes.
void Range(const Planes& planes, float* low, float* high) {
  *low = std::numeric_limits<float>::infinity();
  *high = -*low;
  for (const cv::Mat& plane : planes) {
    double least = 0;
    double greatest = 0;
    cv::minMaxIdx(plane, &least, &greatest);
    *low = std::min(*low, static_cast<float>(least));
    *high = std::max(*high, static_cast<float>(greatest));
  }
}

}  // namespace

Source MakeSource(const cv::Mat& rgb, bool stretch) {
  Source source{rgb, {}};
  double low = 0;
  double high = 255;
  if (stretch) {
    double least = 0;
    double greatest = 0;
    cv::minMaxIdx(rgb.reshape(1), &least, &greatest);
    if (least < greatest) {
      low = least;
      high = greatest;
    }
  }
  for (size_t v = 0; v < 256; ++v) {
    source.values[v] =
        std::clamp((static_cast<double>(v) - low) / (high - low), 0.0, 1.0);
  }
  return source;
}

Planes NewPlanes(cv::Size size) {
  return {cv::Mat(size, CV_32F), cv::Mat(size, CV_32F), cv::Mat(size, CV_32F)};
}

Planes ToPlanes(const Source& source) {
  return MapValues(source, [](double value) { return value; });
}

Planes MapValues(const Source& source,
                 const std::function<double(double)>& map) {
  std::array<float, 256> table;
  std::transform(source.values.begin(), source.values.end(), table.begin(),
                 [&](double v) { return static_cast<float>(map(v)); });
  return Lookup(source.rgb, table);
}

cv::Mat ToBytes(const Source& source) {
  cv::Mat table(1, 256, CV_8U);
  std::transform(source.values.begin(), source.values.end(),
                 table.begin<uint8_t>(), RoundToByte);
  cv::Mat bytes;
  cv::LUT(source.rgb, table, bytes);
  return bytes;
}

Planes FromBytes(const cv::Mat& rgb) {
  return ToPlanes(MakeSource(rgb, false));
}

cv::Mat ToPicture(const Planes& planes, bool stretch) {
  float low = 0;
  float high = 1;
  if (stretch) {
    Range(planes, &low, &high);
    if (!(low < high)) {
      low = 0;
      high = 1;
    }
  }
  const float scale = 255.0f / (high - low);
  Planes bytes;
  for (size_t c = 0; c < 3; ++c) {
    bytes[c].create(planes[c].size(), CV_8U);
    const float* const from = planes[c].ptr<float>();
    uint8_t* const to = bytes[c].ptr<uint8_t>();
    const int count = PlaneSize(planes);
    for (int i = 0; i < count; ++i) {
      const float value = (from[i] - low) * scale + 0.5f;
      to[i] = static_cast<uint8_t>(
          static_cast<int>(std::min(std::max(value, 0.0f), 255.0f)));
    }
  }
  cv::Mat rgb;
  cv::merge(bytes.data(), 3, rgb);
  return rgb;
}

void Clamp(Planes* planes) {
  for (cv::Mat& plane : *planes) {
    float* const values = plane.ptr<float>();
    const int count = static_cast<int>(plane.total());
    for (int i = 0; i < count; ++i) {
      values[i] = std::min(std::max(values[i], 0.0f), 1.0f);
    }
  }
}

}  // namespace graphiqa
