// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Generator.h>

#include <functional>

#include "frozen_features.h"
#include "options.h"
#include "parameters.h"
#include "ridge.h"
#include "session.h"
#include "side_nodes.h"

namespace graphiqa {

/// Cached features of the training and the validation part.
struct HeadData {
  at::Tensor train;            ///< [n, D, V, F] half
  at::Tensor val;              ///< [m, V, F] half
  at::Tensor train_targets;    ///< [n]
  std::vector<int64_t> folds;  ///< n
  std::vector<int> sets;       ///< n: which data set
};

/// Computes (or reads) the features of both parts. The plan's views serve
/// both parts, so their file does not depend on the split.
HeadData MakeHeadData(Network& network, TrainingData* data,
                      const FeatureOptions& options, int draws, uint64_t seed);

/// The closed-form baseline: ridge regression on standardised features, view
/// means, first draw.
struct Probe {
  FeatureStatistics statistics;
  Ridge ridge;
  std::vector<double> val;  ///< predictions, in units of the targets
};

/// @param statistics  what features are standardised with; undefined = those
///   of the training part
Probe FitProbe(const HeadData& data, const FeatureStatistics& statistics = {});

/// What the network standardises `multi` features with; undefined for `last`.
FeatureStatistics StoredStatistics(const Network& network);

/// Makes the network's MOS head compute the probe's prediction exactly, all
/// other parts of its last layer zero: a pair of rectified units carries the
/// value and its negative through every layer.
void StartFromProbe(const Probe& probe, Network* network);

/// Called after each epoch with its number from 1, the mean training loss and
/// the validation predictions.
using HeadEpoch = std::function<void(int epoch, double loss,
                                     const std::vector<double>& val_mu)>;

/// What is added to the loss of a step: of pictures without a rating.
using MoreLoss = std::function<at::Tensor(int epoch, size_t step,
                                          const at::Generator& generator)>;

/// Trains heads on cached features. Deterministic.
/// @param parameters  of the network, what is trained
/// @param side        null, or what alone is trained of them
/// @param more        may be empty
void TrainHead(Network* network, const NamedTensors& parameters,
               const SideNodes* side, const HeadData& data,
               const HeadOptions& options, const LossOptions& loss,
               uint64_t seed, const MoreLoss& more, const HeadEpoch& on_epoch);

/// Values of x dropped at random, the others raised in turn.
/// @param x      [n, C]
/// @param first  column; those before it stay
at::Tensor Dropout(const at::Tensor& x, double probability, int64_t first,
                   const at::Generator& generator);

/// The MOS head's own parameters: training them leaves the other heads alone.
NamedTensors MosParameters(Network* network);

}  // namespace graphiqa
