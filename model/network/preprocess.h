// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include "format/model_info.h"
#include "scorer.h"

namespace graphiqa {

/// The one place where pixels become the network's input; the trainer and the
/// engine both call it.
///
/// Native views smaller than the view size are mirrored (edge pixel not
/// repeated, again and again for tiny pictures) to the right and the bottom;
/// whole views are scaled with antialiased bilinear interpolation, unless they
/// are already; then (RGB / 255 - mean) / std.
/// @returns [3,S,S] float32, contiguous, S = input.views.view_size_px
/// @throws Error(kUsage) when the pixels do not fit the view
at::Tensor PreprocessView(const ViewPixels& pixels, const InputInfo& input);

/// PreprocessView() of many.
/// @param batch  becomes [N,3,S,S] float32, channels-last; its memory is used
///   again where it is just so large
void PreprocessViews(const std::vector<const ViewPixels*>& views,
                     const InputInfo& input, at::Tensor* batch);
at::Tensor PreprocessViews(const std::vector<ViewPixels>& views,
                           const InputInfo& input);

}  // namespace graphiqa
