// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Anchors: what a network says of good photographs before it is trained on
/// distorted copies of them. Copies are placed relative to these fixed scores.
/// Relative to what it says while it trains they would have nothing to hold
/// on to: pushing copies below their originals drags both down.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "session.h"

namespace graphiqa {

/// Scores of the training part.
/// @param sample  planned views, not augmented
/// @returns [samples] float by sample, in units of the targets; 0 outside of
///   the training part
at::Tensor PredictAnchors(Network* network, const TrainingData& photos,
                          const SampleOptions& sample, int batch, int workers);

/// A file image,anchor with the training part, replaced as a whole.
void WriteAnchors(const std::string& path, const TrainingData& photos,
                  const at::Tensor& anchors);

/// The numbers that WriteAnchors() was given.
/// @throws Error(kFile|kFormat) also when the file is of other photographs
at::Tensor ReadAnchors(const std::string& path, const TrainingData& photos);

}  // namespace graphiqa
