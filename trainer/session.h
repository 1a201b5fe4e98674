// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dataset.h"
#include "loader.h"
#include "meters.h"
#include "network/model_file.h"
#include "options.h"
#include "picture.h"
#include "run_folder.h"
#include "split.h"
#include "task_source.h"

namespace graphiqa {

/// Data sets merged into one, split and ready to be read. Several keep their
/// own splits; names of pictures then start with the set's.
struct TrainingData {
  Dataset dataset;  ///< rated sets: ratings are scores, 0-100
  Split split;
  std::unique_ptr<PictureCache> pictures;  ///< by sample
  std::vector<std::string> names;          ///< by sample
  std::vector<float> targets;  ///< by sample, (score - mean) / deviation; rated
                               ///< sets only
  std::vector<int> sets;       ///< by sample: which of `set_names`
  std::vector<std::string> set_names;
  std::vector<std::string> licences;  ///< by set
  double mean = 0;                    ///< of the training part's scores, or as
                                      ///< SetScale() was told
  double deviation = 1;

  bool empty() const { return dataset.samples.empty(); }

  /// Sets mean and deviation and, by them, the targets.
  void SetScale(double new_mean, double new_deviation);

  /// Scores of some samples.
  std::vector<double> Scores(const std::vector<size_t>& indices) const;

  /// Targets of some samples, [n].
  at::Tensor Targets(const std::vector<size_t>& indices) const;

  /// Cross-validation folds of some samples; groups stay together.
  std::vector<int64_t> Folds(const std::vector<size_t>& indices,
                             int count) const;
};

/// The data sets of the options by what they are good for.
struct AllData {
  TrainingData rated;      ///< empty when no set has ratings
  TrainingData distorted;  ///< photographs to distort, or distorted pictures;
                           ///< empty when there is none
};

/// Reads all sets. `online` photographs and stored distorted pictures cannot
/// be mixed.
AllData OpenData(const DataOptions& options);

/// Names of all pictures with the parts they are in: equal where two processes
/// see the same data.
std::string Fingerprint(const AllData& data);

/// Writes split.csv (rated) and split-distorted.csv, what there is.
void WriteSplits(const AllData& data, const RunFolder& folder);

/// Builds the network: sizes as asked, backbone weights loaded, heads random;
/// or everything from a checkpoint.
/// @param views  recorded in ModelInfo::input
Model BuildModel(const NetworkOptions& options, const ViewPlan& views,
                 uint64_t seed);

/// Puts convolution weights into channels-last layout, which depthwise
/// convolutions need to train ten times faster.
void UseChannelsLast(Network* network);

/// Row of the none class in the type head, -1 = there is none.
int NoneRow(const ArchitectureInfo& architecture);

/// What the network says about pictures, means over their views.
struct Predictions {
  std::vector<double> mu;
  std::vector<double> s;  ///< of |s|
  std::vector<double> level;
  std::vector<int> type;  ///< largest mean probability
};

/// Runs the plan's views of some pictures through the network.
Predictions Predict(Network* network, const std::vector<Item>& items,
                    const SampleOptions& sample, int batch, int workers);

/// The same from features, [n, V, F].
Predictions PredictFeatures(Network* network, const at::Tensor& features);

/// Measures predictions in units of the targets against scores.
Agreement MeasureScores(const std::vector<double>& mu, const TrainingData& data,
                        const std::vector<size_t>& indices);

/// Pictures with known distortions that epochs are compared on: of each
/// photograph of the validation part one undistorted and some distorted
/// versions, or up to `limit` stored pictures. The same for the same seed.
std::vector<LabelledItem> ValidationTasks(const TrainingData& data,
                                          const TaskSource& source,
                                          uint64_t seed, size_t limit);

/// Fills the row's type accuracy and the rank correlation of the levels.
void MeasureTasks(const Predictions& said,
                  const std::vector<LabelledItem>& tasks, EpochRow* row);

std::vector<Item> ItemsOf(const std::vector<LabelledItem>& tasks);

}  // namespace graphiqa
