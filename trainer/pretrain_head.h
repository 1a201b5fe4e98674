// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "frozen_features.h"
#include "options.h"
#include "session.h"
#include "task_source.h"

namespace graphiqa {

/// Features of pictures with known distortions, computed once.
struct TaskFeatures {
  std::vector<LabelledItem> tasks;
  at::Tensor features;  ///< [n, V, F] half
};

/// Pictures to compute features of: of each photograph one undistorted and
/// some distorted versions, or some stored pictures of each type.
std::vector<LabelledItem> HeadTasks(const TaskSource& source, int versions,
                                    uint64_t seed);

/// Called after each epoch with its number from 1 and the mean training loss.
using TaskHeadEpoch = std::function<void(int epoch, double loss)>;

/// Trains everything outside the backbone on features, with the losses of
/// pretraining; an epoch shows as many pictures as there are. Deterministic.
void TrainTaskHeads(Network* network, const TaskFeatures& data,
                    const PretrainOptions& options, int none_row,
                    const TaskHeadEpoch& on_epoch);

}  // namespace graphiqa
