// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// The 25 distortions of KADID-10k and KADIS-700k (Lin, Hosu, Saupe:
/// "KADID-10k: A Large-scale Artificially Distorted IQA Database", QoMEX 2019;
/// "DeepFL-IQA", arXiv 2001.08113), after the MATLAB generator of KADIS-700k.
/// Departures from it are listed in docs/distortions.md.
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <string>

#include "draws.h"
#include "error.h"
#include "planes.h"

namespace graphiqa {

inline constexpr int kDistortionTypes = 25;    ///< official numbers 1..25
inline constexpr int kDistortionLevels = 5;    ///< 1..5
inline constexpr int kMinDistortionSize = 16;  ///< px, of both sides

struct DistortOptions {
  /// The frame of the official generator: the picture's values are stretched
  /// to [0, 1] over all pixels and channels before the distortion and again
  /// after it. Off: values / 255 before, clamped to [0, 1] after.
  bool stretch = false;
};

/// @param value  one of the entry's five level values
/// @param draws  random numbers; used only where `random` is set
using DistortFunction = Planes (*)(const Source& source, double value,
                                   Draws* draws);

/// A row of the table of distortions.
struct DistortionEntry {
  int number;             ///< 1..25
  const char* name;       ///< as in KadidTypeNames(): "gaussian-blur"
  const char* title;      ///< for people: "Gaussian blur"
  const char* family;     ///< "blur", "colour", "compression", "noise",
                          ///< "brightness", "spatial", "sharpness"
  bool random;            ///< whether it draws random numbers
  const char* parameter;  ///< what the level values are, with unit
  std::array<double, kDistortionLevels> values;  ///< of levels 1..5
  DistortFunction function;
};

/// By number; ends with a name of nullptr.
extern const DistortionEntry kDistortions[];

/// @throws Error(kUsage) listing the names
const DistortionEntry& FindDistortion(const std::string& number_or_name);

/// Distorts a picture. A pure function of its arguments: the same bytes on
/// every call and thread.
/// @param rgb    CV_8UC3, RGB order, from 16x16
/// @param type   1..25
/// @param level  1..5
/// @param seed   of the random numbers; type and level go in as well
/// @returns a picture of the same size and type
/// @throws Error(kShape) when the picture is of another type or too small,
///   Error(kUsage) when type or level is out of its range
cv::Mat Distort(const cv::Mat& rgb, int type, int level, uint64_t seed,
                const DistortOptions& options = {});

/// The same with random numbers from elsewhere.
cv::Mat DistortWith(const cv::Mat& rgb, int type, int level, Draws* draws,
                    const DistortOptions& options = {});

}  // namespace graphiqa
