// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

#include "options.h"
#include "ranks/ranks.h"
#include "session.h"
#include "task_source.h"
#include "train_loop.h"

namespace graphiqa {

/// What the steps of finetuning need; nothing is owned.
struct TuneSetup {
  const FinetuneOptions* options = nullptr;
  AllData* data = nullptr;
  const TaskSource* source = nullptr;  ///< null = rated pictures only
  Network* network = nullptr;
  int none_row = -1;
  at::Tensor anchors;   ///< by photograph, see anchors.h
  SampleOptions rated;  ///< views of a rated picture
  SampleOptions tasks;  ///< views of a distorted picture
  const Ranks* ranks = nullptr;
};

/// Steps of an epoch: as many as the rated training part has full batches.
size_t TuneStepCount(const FinetuneOptions& options, const AllData& data);

/// The steps of one epoch from `first` on: a batch of rated pictures in random
/// order and, with a task source, some photographs with distorted versions of
/// each (or stored distorted pictures). Batches depend on seed, epoch and step
/// alone; a rank makes the images of its share.
std::unique_ptr<StepSource> MakeTuneSteps(const TuneSetup& setup, int epoch,
                                          size_t first);

}  // namespace graphiqa
