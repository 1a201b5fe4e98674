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
/// - of RG, of RB, of GB: how the residuals go together (picture_pairs.h);
/// - power spectrum of luma by radius, in windows of 64x64: ln(1 + power) / 10,
///   of the mean power in 36 bins, then the mean of it (picture_spectrum.h);
/// - of upright, of level seams of luma, 14 pixels long: fourth roots of the
///   shares of places above 1, 2, 3, 4, 6, 8 codes (picture_seams.h);
/// - textured pixels found again 3 to 16 pixels further: square roots of the
///   mean, the largest and the median share over the shifts, and of the mean's
///   share of textured pixels (picture_copies.h);
/// - correlation of the residuals of R and of G displaced by 0, 1, 2, 3, 4, 6,
/// 8,
///   12 pixels, in the direction that gives most (picture_shifts.h);
/// - square roots of the shares of pixels in areas of one colour at least 16,
/// 24
///   pixels wide and high (picture_flats.h).
#pragma once

#include <ATen/core/Tensor.h>

#include "colour_scale.h"
#include "picture_columns.h"

namespace graphiqa {

/// Sums of whole numbers, and of the spectrum in a fixed order: threads do not
/// change a bit. No gradient flows back to the images.
/// @param images  [N,3,H,W] floating, RGB, normalised; H and W at least 16.
///   Below float32 their rounding shows in the residuals.
/// @returns [N, kPictureStatistics] float32, on the CPU
at::Tensor PictureStatistics(const at::Tensor& images,
                             const ColourScale& scale);

}  // namespace graphiqa
