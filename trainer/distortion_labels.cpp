// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "distortion_labels.h"

#include <ATen/Functions.h>

namespace graphiqa {

DistortionLabels LabelsOf(const std::vector<LabelledItem>& tasks,
                          const at::Tensor& anchors, int versions) {
  const auto family = static_cast<size_t>(versions) + 1;
  std::vector<int64_t> photos;
  std::vector<int64_t> types;
  std::vector<int64_t> originals;
  std::vector<float> levels;
  std::vector<float> ratios;
  for (size_t i = 0; i < tasks.size(); ++i) {
    types.push_back(tasks[i].type);
    levels.push_back(static_cast<float>(tasks[i].level));
    ratios.push_back(static_cast<float>(tasks[i].ratio));
    photos.push_back(static_cast<int64_t>(tasks[i].item.index));
    originals.push_back(static_cast<int64_t>(i - i % family));
  }
  DistortionLabels labels;
  labels.types = at::tensor(types);
  labels.levels = at::tensor(levels);
  labels.ratios = at::tensor(ratios);
  if (anchors.defined()) {
    labels.originals = at::tensor(originals);
    labels.anchors = anchors.index_select(0, at::tensor(photos));
  }
  return labels;
}

DistortedOutputs ByPicture(const HeadOutputs& outputs, int64_t views) {
  DistortedOutputs distorted;
  distorted.mu = outputs.mos_mu.reshape({-1, views});
  distorted.level = outputs.level_mu.reshape({-1, views});
  distorted.logits =
      outputs.type_logits.reshape({-1, views, outputs.type_logits.size(1)});
  return distorted;
}

}  // namespace graphiqa
