// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "finetune_options.h"
#include "frozen_features.h"
#include "ridge.h"
#include "session.h"

namespace graphiqa {

/// Cached features of the training and the validation part.
struct HeadData {
  at::Tensor train;            ///< [n, D, V, F] half
  at::Tensor val;              ///< [m, V, F] half
  at::Tensor train_targets;    ///< [n]
  std::vector<int64_t> folds;  ///< n
};

/// Computes (or reads) the features of both parts. The plan's views serve
/// both parts, so their file does not depend on the split.
HeadData MakeHeadData(Network& network, TrainingData* data,
                      const FeatureOptions& options, int draws);

/// The closed-form baseline: ridge regression on standardised features, view
/// means, first draw.
struct Probe {
  FeatureStatistics statistics;
  Ridge ridge;
  std::vector<double> val;  ///< predictions, in units of the targets
};

Probe FitProbe(const HeadData& data);

/// Makes the network's MOS head compute the probe's prediction exactly, all
/// other parts of its last layer zero: a pair of rectified units carries the
/// value and its negative through every layer.
void StartFromProbe(const Probe& probe, Network* network);

/// Called after each epoch with its number from 1, the mean training loss and
/// the validation predictions.
using HeadEpoch = std::function<void(int epoch, double loss,
                                     const std::vector<double>& val_mu)>;

/// Trains everything but the backbone on cached features. Deterministic.
void TrainHead(Network* network, const HeadData& data,
               const HeadOptions& options, const LossOptions& loss,
               uint64_t seed, const HeadEpoch& on_epoch);

/// Parameters outside the backbone, or those of it.
std::vector<std::pair<std::string, at::Tensor>> ParametersOf(Network* network,
                                                             bool backbone);

}  // namespace graphiqa
