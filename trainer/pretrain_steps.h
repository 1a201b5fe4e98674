// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "options.h"
#include "ranks/ranks.h"
#include "session.h"
#include "task_source.h"
#include "train_loop.h"

namespace graphiqa {

/// The batches of one released step.
struct ReleasedStep {
  at::Tensor anchor, positive, negative;  ///< [N,3,S,S]; without a backbone
                                          ///< [N,C,h,w]
  at::Tensor levels;                      ///< [N,1] of the anchor, 1-5
  at::Tensor types;  ///< [N] int64 of the anchor; needed when weights.type != 0
};

/// Standard normal numbers, [N,1]. Asked for in the released code's order:
/// anchor level, anchor MOS, positive level, positive MOS, negative level,
/// negative MOS.
using NoiseSource = std::function<at::Tensor(int64_t count)>;

/// The loss of one step as pretrain.py of the released code computes it; the
/// gradient flows through the anchor alone. The network is used in the mode
/// that it is in (the released code: training mode).
PretrainLosses ReleasedLoss(Network* network, const ReleasedStep& step,
                            const PretrainWeights& weights,
                            const NoiseSource& noise);

/// What is known of pictures.
struct TaskLabels {
  at::Tensor types;   ///< [n] int64, rows of the type head
  at::Tensor levels;  ///< [n] float, 0-5
};

/// The loss of our own step.
/// @param x         [n * V, C], types in a row, of each an anchor and then a
///   positive batch
/// @param rows      of x in one such batch, V times its pictures
/// @param none_row  row of the none class, -1 = there is none
at::Tensor TaskLoss(Network* network, const at::Tensor& x,
                    const TaskLabels& labels, const PretrainOptions& options,
                    int64_t rows, int none_row);

/// What the steps of pretraining need; nothing is owned.
struct PretrainSetup {
  const PretrainOptions* options = nullptr;
  const TaskSource* source = nullptr;
  Network* network = nullptr;
  int none_row = -1;
  SampleOptions sample;  ///< views of a picture
  const Ranks* ranks = nullptr;
};

/// The steps of one epoch from `first` on. Batches depend on seed, epoch and
/// step alone; a rank makes the images of its share.
std::unique_ptr<StepSource> MakePretrainSteps(const PretrainSetup& setup,
                                              int epoch, size_t first);

}  // namespace graphiqa
