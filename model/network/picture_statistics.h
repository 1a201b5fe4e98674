// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What a network pretrained to recognise objects has learnt to look past:
/// tones, colourfulness, noise by tone and plane, and how fast a picture
/// changes within a few pixels. `multi-stats` features carry these numbers
/// beside those of the backbone's stages.
///
/// In the order of the columns, in units of 8-bit codes:
/// - histogram of luma (BT.601), 32 bins; of R, G and B, 16 each; of the
///   distance of (Cb, Cr) from grey, 16 bins of 8 codes: square roots of the
///   shares of pixels;
/// - of Y, of Cb, of Cr the residual r = |p - mean of its 4 neighbours|, at
///   most 25.5: square roots of its mean in 8 classes of the neighbours' luma,
///   of the mean of sqrt(r) and of the mean of r^2;
/// - structure function of luma: square roots of the mean of |Y(p) - Y(p + d)|,
///   d = 1, 2, 3, 4, 6, 8 pixels right, down, down right, down left;
/// - of R, of G, of B: how rough the histogram of the 256 codes is and where it
///   has gaps, by 8 ranges of codes, and where it ends (picture_tones.h);
/// - of RG, of RB, of GB: how the residuals go together (picture_pairs.h).
#pragma once

#include <ATen/core/Tensor.h>

#include <array>

#include "picture_columns.h"

namespace graphiqa {

/// What pictures were normalised with, of RGB in [0,1].
struct ColourScale {
  std::array<float, 3> mean;
  std::array<float, 3> std;
};

/// Sums of whole numbers: neither threads nor the order of pixels change a
/// bit. No gradient flows back to the images.
/// @param images  [N,3,H,W] floating, RGB, normalised; H and W at least 16.
///   Below float32 their rounding shows in the residuals.
/// @returns [N, kPictureStatistics] float32, on the CPU
at::Tensor PictureStatistics(const at::Tensor& images,
                             const ColourScale& scale);

}  // namespace graphiqa
