// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// The functions behind the table of distortion.h, by family. `value` is the
/// level's value there. What leaves [0, 1] is left to the frame unless the
/// official function clamps it.
#pragma once

#include "draws.h"
#include "planes.h"

namespace graphiqa {

// blur.cpp
Planes GaussianBlur(const Source& source, double sigma_px, Draws* draws);
Planes LensBlur(const Source& source, double radius_px, Draws* draws);
Planes MotionBlur(const Source& source, double length_px, Draws* draws);

// color.cpp
Planes ColorDiffusion(const Source& source, double amount, Draws* draws);
Planes ColorSaturation1(const Source& source, double factor, Draws* draws);
Planes ColorSaturation2(const Source& source, double factor, Draws* draws);

// color_shift.cpp
Planes ColorShift(const Source& source, double amount_px, Draws* draws);

// color_quantization.cpp
Planes ColorQuantization(const Source& source, double colors, Draws* draws);

// compression.cpp
Planes Jpeg2000(const Source& source, double ratio, Draws* draws);
Planes Jpeg(const Source& source, double quality, Draws* draws);

// noise.cpp
Planes WhiteNoise(const Source& source, double variance, Draws* draws);
Planes WhiteNoiseColorComponent(const Source& source, double variance,
                                Draws* draws);
Planes ImpulseNoise(const Source& source, double density, Draws* draws);
Planes MultiplicativeNoise(const Source& source, double variance, Draws* draws);

// denoise.cpp
Planes Denoise(const Source& source, double variance, Draws* draws);

// tone.cpp
Planes Brighten(const Source& source, double amount, Draws* draws);
Planes Darken(const Source& source, double amount, Draws* draws);
Planes MeanShift(const Source& source, double offset, Draws* draws);
Planes ContrastChange(const Source& source, double amount, Draws* draws);

// jitter.cpp
Planes Jitter(const Source& source, double sigma_px, Draws* draws);

// blocks.cpp
Planes NonEccentricityPatch(const Source& source, double patches, Draws* draws);
Planes Pixelate(const Source& source, double strength, Draws* draws);
Planes ColorBlock(const Source& source, double blocks, Draws* draws);

// quantization.cpp
Planes Quantization(const Source& source, double thresholds, Draws* draws);

// sharpen.cpp
Planes HighSharpen(const Source& source, double amount, Draws* draws);

}  // namespace graphiqa
