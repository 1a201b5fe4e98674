// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "backbone.h"

namespace graphiqa {

/// ResNet (arXiv 1512.03385) in torchvision's layout (v1.5: the stride sits in
/// the 3x3 convolution). Stages: "stem" (after max-pooling), "stage1" …
/// "stage4". Submodules: "0" convolution, "1" norm, "4" … "7" stages of
/// blocks with conv1, bn1, … and, where the shape changes, downsample.0/1.
std::shared_ptr<Backbone> MakeResNet18();
std::shared_ptr<Backbone> MakeResNet34();
std::shared_ptr<Backbone> MakeResNet50();

}  // namespace graphiqa
