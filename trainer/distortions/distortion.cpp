// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "distortion.h"

#include "families.h"

namespace graphiqa {

// clang-format would give every field a line of its own.
// clang-format off
const DistortionEntry kDistortions[] = {
    {1, "gaussian-blur", "Gaussian blur", "blur", false,
     "sigma, px", {0.1, 0.5, 1, 2, 5}, GaussianBlur},
    {2, "lens-blur", "Lens blur", "blur", false,
     "radius, px", {1, 2, 4, 6, 8}, LensBlur},
    {3, "motion-blur", "Motion blur", "blur", true,
     "length, px", {1, 2, 4, 6, 10}, MotionBlur},
    {4, "color-diffusion", "Colour diffusion", "colour", false,
     "amount", {1, 3, 6, 8, 12}, ColorDiffusion},
    {5, "color-shift", "Colour shift", "colour", true,
     "shift, px", {1, 3, 6, 8, 12}, ColorShift},
    {6, "color-quantization", "Colour quantization", "colour", false,
     "colours", {64, 48, 32, 16, 8}, ColorQuantization},
    {7, "color-saturation-1", "Colour saturation 1", "colour", false,
     "factor of HSV saturation", {0.4, 0.2, 0.1, 0, -0.4}, ColorSaturation1},
    {8, "color-saturation-2", "Colour saturation 2", "colour", false,
     "factor of Lab a and b", {1, 2, 3, 6, 9}, ColorSaturation2},
    {9, "jpeg2000", "JPEG 2000", "compression", false,
     "compression ratio", {16, 32, 45, 120, 400}, Jpeg2000},
    {10, "jpeg", "JPEG", "compression", false,
     "quality", {43, 36, 24, 7, 4}, Jpeg},
    {11, "white-noise", "White noise", "noise", true,
     "variance", {0.001, 0.002, 0.003, 0.005, 0.01}, WhiteNoise},
    {12, "white-noise-color-component", "White noise in colour component",
     "noise", true,
     "variance", {0.0001, 0.0005, 0.001, 0.002, 0.003},
     WhiteNoiseColorComponent},
    {13, "impulse-noise", "Impulse noise", "noise", true,
     "density", {0.001, 0.005, 0.01, 0.02, 0.03}, ImpulseNoise},
    {14, "multiplicative-noise", "Multiplicative noise", "noise", true,
     "variance", {0.001, 0.005, 0.01, 0.02, 0.05}, MultiplicativeNoise},
    {15, "denoise", "Denoise", "noise", true,
     "variance of the noise removed", {0.01, 0.03, 0.05, 0.1, 0.15}, Denoise},
    {16, "brighten", "Brighten", "brightness", false,
     "amount", {0.1, 0.2, 0.4, 0.7, 1.1}, Brighten},
    {17, "darken", "Darken", "brightness", false,
     "amount", {0.05, 0.1, 0.2, 0.4, 0.8}, Darken},
    {18, "mean-shift", "Mean shift", "brightness", false,
     "offset", {0.15, 0.08, 0, -0.08, -0.15}, MeanShift},
    {19, "jitter", "Jitter", "spatial", true,
     "sigma of displacement, px", {0.05, 0.1, 0.2, 0.5, 1}, Jitter},
    {20, "non-eccentricity-patch", "Non-eccentricity patch", "spatial", true,
     "patches", {20, 40, 60, 80, 100}, NonEccentricityPatch},
    {21, "pixelate", "Pixelate", "spatial", false,
     "strength", {0.01, 0.05, 0.1, 0.2, 0.5}, Pixelate},
    {22, "quantization", "Quantization", "spatial", false,
     "thresholds", {20, 16, 13, 10, 7}, Quantization},
    {23, "color-block", "Colour block", "spatial", true,
     "blocks", {2, 4, 6, 8, 10}, ColorBlock},
    {24, "high-sharpen", "High sharpen", "sharpness", false,
     "amount", {1, 2, 3, 6, 12}, HighSharpen},
    {25, "contrast-change", "Contrast change", "sharpness", false,
     "amount", {0.3, 0.15, 0, -0.4, -0.6}, ContrastChange},
    {0, nullptr, nullptr, nullptr, false, nullptr, {}, nullptr}};
// clang-format on

namespace {

void Check(const cv::Mat& rgb, int type, int level) {
  if (rgb.type() != CV_8UC3 || rgb.cols < kMinDistortionSize ||
      rgb.rows < kMinDistortionSize) {
    throw Error(ErrorCode::kShape, "Distort: wants 8-bit RGB from 16x16, got " +
                                       cv::typeToString(rgb.type()) + " " +
                                       std::to_string(rgb.cols) + "x" +
                                       std::to_string(rgb.rows));
  }
  if (type < 1 || type > kDistortionTypes) {
    throw Error(ErrorCode::kUsage,
                "distortion type " + std::to_string(type) + " is not in 1..25");
  }
  if (level < 1 || level > kDistortionLevels) {
    throw Error(ErrorCode::kUsage, "distortion level " + std::to_string(level) +
                                       " is not in 1..5");
  }
}

}  // namespace

const DistortionEntry& FindDistortion(const std::string& number_or_name) {
  std::string names;
  for (const DistortionEntry* entry = kDistortions; entry->name; ++entry) {
    if (number_or_name == entry->name ||
        number_or_name == std::to_string(entry->number) ||
        number_or_name == cv::format("%02d", entry->number)) {
      return *entry;
    }
    names += (names.empty() ? "" : ", ") + std::to_string(entry->number) + " " +
             entry->name;
  }
  throw Error(ErrorCode::kUsage,
              "no distortion \"" + number_or_name + "\"; there are " + names);
}

cv::Mat Distort(const cv::Mat& rgb, int type, int level, uint64_t seed,
                const DistortOptions& options) {
  RandomDraws draws(
      Random{seed, static_cast<uint64_t>(type), static_cast<uint64_t>(level)});
  return DistortWith(rgb, type, level, &draws, options);
}

cv::Mat DistortWith(const cv::Mat& rgb, int type, int level, Draws* draws,
                    const DistortOptions& options) {
  Check(rgb, type, level);
  const DistortionEntry& entry = kDistortions[type - 1];
  const Source source = MakeSource(rgb, options.stretch);
  const Planes planes = entry.function(
      source, entry.values[static_cast<size_t>(level - 1)], draws);
  return ToPicture(planes, options.stretch);
}

}  // namespace graphiqa
