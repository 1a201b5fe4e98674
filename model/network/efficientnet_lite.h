// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "backbone.h"

namespace graphiqa {

/// A group of inverted-residual blocks; all but the first have stride 1.
struct EfficientNetLiteGroup {
  int blocks;
  int64_t kernel;    ///< of the depthwise convolution
  int64_t stride;    ///< of the first block
  int64_t expand;    ///< expansion ratio; 1 = no expansion convolution
  int64_t channels;  ///< output
};

/// The seven groups of EfficientNet-Lite0. The stem (3x3, stride 2) has
/// kEfficientNetLiteStem channels, the head (1x1) kEfficientNetLiteHead.
extern const std::vector<EfficientNetLiteGroup> kEfficientNetLite0Groups;
inline constexpr int64_t kEfficientNetLiteStem = 32;
inline constexpr int64_t kEfficientNetLiteHead = 1280;
inline constexpr double kEfficientNetLiteNormEps = 1e-3;

/// TensorFlow's "SAME": zeros before and after one side of `size` pixels so
/// that the output has ceil(size / stride) pixels; an odd zero goes after.
std::pair<int64_t, int64_t> SamePadding(int64_t size, int64_t kernel,
                                        int64_t stride);

/// EfficientNet-Lite0 (TensorFlow's EfficientNet without squeeze-excite, with
/// ReLU6). Stages: "stem", "stage1" … "stage7" (outputs of the groups, no
/// activation), "head". Submodules, each with `conv` and `bn`: "stem",
/// "blocks.N.{expand,depthwise,project}" (N over all groups; no expand in
/// block 0), "head".
std::shared_ptr<Backbone> MakeEfficientNetLite0();

}  // namespace graphiqa
