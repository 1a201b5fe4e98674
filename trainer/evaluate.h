// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "finetune_options.h"
#include "meters.h"

namespace graphiqa {

/// What to evaluate a model file on.
struct EvaluateOptions {
  DataOptions data;
  std::string part = "all";  ///< "train", "val", "test" (needs a split), "all"
  std::string checkpoint;
  std::string device = "auto";
  std::string precision = "fp32";
  int crops = 0;  ///< 0 = the model's own views
};

/// The verdict on one picture, both on the scale 0-100.
struct Prediction {
  std::string image;
  double mos = 0;
  double score = 0;
  double uncertainty = 0;
  std::string subset;  ///< as Sample::subset
  std::string group;   ///< as Sample::group
};

/// Scores pictures through the engine, exactly as the element and gq-score do.
std::vector<Prediction> ScoreDataset(const EvaluateOptions& options);

Agreement Measure(const std::vector<Prediction>& predictions);

/// `file,mos,score,uncertainty`
void WritePredictions(const std::string& path,
                      const std::vector<Prediction>& predictions);

}  // namespace graphiqa
