// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "row.h"
#include "scorer.h"

namespace graphiqa {

/// Whether the content of this file is an image that OpenCV reads.
bool IsImage(const std::string& path);

/// Scores an image. Grey becomes RGB, 16 bits become 8, alpha is dropped, and
/// the orientation that EXIF asks for is applied.
/// @param crops  number of views, 0 = the model's own
/// @param sink   gets the one row
/// @returns its size: "1920 × 1080"
/// @throws Error when the image is damaged or scoring fails
std::string ScoreImage(const std::string& path, Scorer* scorer, int crops,
                       const RowSink& sink);

}  // namespace graphiqa
