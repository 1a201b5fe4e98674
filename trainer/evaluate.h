// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "meters.h"
#include "options.h"
#include "picture.h"
#include "scorer.h"

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

/// The samples that the options ask for.
/// @throws Error(kUsage) when there are none
std::vector<size_t> ChosenSamples(const Dataset& dataset,
                                  const EvaluateOptions& options);

std::shared_ptr<Scorer> OpenForEvaluation(const EvaluateOptions& options);

/// Queues the planned views of a picture.
std::future<QualityResult> SubmitPicture(Scorer* scorer, const Picture& picture,
                                         int crops);

/// Scores pictures through the engine, exactly as the element and gq-score do.
std::vector<Prediction> ScoreDataset(const EvaluateOptions& options);

Agreement Measure(const std::vector<Prediction>& predictions);

/// `file,mos,score,uncertainty`
void WritePredictions(const std::string& path,
                      const std::vector<Prediction>& predictions);

}  // namespace graphiqa
