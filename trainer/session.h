// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dataset.h"
#include "finetune_options.h"
#include "loader.h"
#include "meters.h"
#include "network/model_file.h"
#include "picture.h"
#include "split.h"

namespace graphiqa {

/// A data set, split and ready to be read.
struct TrainingData {
  Dataset dataset;
  Split split;
  std::unique_ptr<PictureCache> pictures;  ///< by sample
  std::vector<std::string> names;          ///< by sample
  std::vector<float> targets;  ///< by sample, (score - mean) / deviation
  double mean = 0;             ///< of the training part's scores
  double deviation = 1;

  /// Scores of some samples.
  std::vector<double> Scores(const std::vector<size_t>& indices) const;

  /// Targets of some samples, [n].
  at::Tensor Targets(const std::vector<size_t>& indices) const;

  /// Cross-validation folds of some samples; groups stay together.
  std::vector<int64_t> Folds(const std::vector<size_t>& indices,
                             int count) const;
};

TrainingData OpenData(const DataOptions& options);

/// Builds the network: sizes as asked, backbone weights loaded, heads random;
/// or everything from a checkpoint.
/// @param views  recorded in ModelInfo::input
Model BuildModel(const NetworkOptions& options, const ViewPlan& views,
                 uint64_t seed);

/// Puts convolution weights into channels-last layout, which depthwise
/// convolutions need to train ten times faster.
void UseChannelsLast(Network* network);

/// The network's mean prediction per picture and the mean of |s|.
struct Predictions {
  std::vector<double> mu;
  std::vector<double> s;
};

/// Runs the plan's views of some samples through the network.
Predictions Predict(Network* network, TrainingData* data,
                    const std::vector<size_t>& indices,
                    const SampleOptions& sample, int batch, int workers);

/// Measures predictions in units of the targets against scores.
Agreement MeasureScores(const std::vector<double>& mu, const TrainingData& data,
                        const std::vector<size_t>& indices);

}  // namespace graphiqa
