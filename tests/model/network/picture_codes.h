// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// PictureStatistics() of pictures given as 8-bit codes.
#pragma once

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "network/picture_statistics.h"

namespace graphiqa {

constexpr ColourScale kScale{{0.485f, 0.456f, 0.406f},
                             {0.229f, 0.224f, 0.225f}};

/// @param codes  [N,3,H,W], 0 to 255
inline at::Tensor Normalised(const at::Tensor& codes) {
  const at::Tensor mean = at::tensor({0.485, 0.456, 0.406}).to(at::kFloat);
  const at::Tensor std = at::tensor({0.229, 0.224, 0.225}).to(at::kFloat);
  return (codes.to(at::kFloat) / 255 - mean.view({1, 3, 1, 1})) /
         std.view({1, 3, 1, 1});
}

inline at::Tensor Measured(const at::Tensor& codes) {
  return PictureStatistics(Normalised(codes), kScale);
}

/// @returns [N,H,W] of the codes' type
inline at::Tensor Luma(const at::Tensor& codes) {
  return 0.299 * codes.select(1, 0) + 0.587 * codes.select(1, 1) +
         0.114 * codes.select(1, 2);
}

}  // namespace graphiqa
