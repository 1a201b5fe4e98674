// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "backend.h"
#include "format/model_info.h"

namespace graphiqa {

/// The verdict on a picture from what the heads said about its views.
///
/// A view's score is gain * mu + offset, limited to [0,100], and its
/// uncertainty |gain * s|. The picture's score is the mean over its views. Its
/// uncertainty is the standard deviation of the mixture of the views'
/// Gaussians (law of total variance): the root of the mean of the squared
/// uncertainties plus the population variance of the scores; views that
/// disagree are as much of a doubt as a view that is unsure.
/// Type probabilities are the mean over the views' softmax, the type is their
/// largest; the level is the mean over the views, limited to [0,5]. Heads that
/// are not trained report nothing; a score is then 0.
/// @param views, values  of equal length, >= 1
QualityResult CombineViews(const ModelInfo& info,
                           const std::vector<View>& views,
                           const std::vector<HeadValues>& values);

}  // namespace graphiqa
