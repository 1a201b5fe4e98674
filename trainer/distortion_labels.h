// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "losses.h"
#include "network/network.h"
#include "task_source.h"

namespace graphiqa {

/// What DistortedLoss() has to know of pictures.
/// @param tasks     D of them; with anchors whole families, see
///   TaskSource::Family()
/// @param anchors   [samples] by sample, in units of the targets; undefined
///   where originals are not among the tasks
/// @param versions  distorted copies of each family
DistortionLabels LabelsOf(const std::vector<LabelledItem>& tasks,
                          const at::Tensor& anchors, int versions);

/// What the network said, by picture.
/// @param outputs  of all views, picture by picture
DistortedOutputs ByPicture(const HeadOutputs& outputs, int64_t views);

}  // namespace graphiqa
