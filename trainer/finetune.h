// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meters.h"
#include "options.h"
#include "run_folder.h"

namespace graphiqa {

/// What a run came to.
struct FinetuneResult {
  Agreement probe;  ///< closed-form ridge on the frozen features
  EpochRow best;    ///< of best.safetensors on the validation part
};

/// Trains a model on rated pictures and, where a set of distorted ones is
/// given too, on naming and grading distortions at the same time: the MOS head
/// on cached features, then everything. Leaves a run folder with split.csv,
/// config.json, metrics.csv, curves.svg, log.txt, best.safetensors,
/// last.safetensors and state.safetensors.
/// @throws Error(kCancelled) when interrupted, after the state is saved
FinetuneResult Finetune(const FinetuneOptions& options);

}  // namespace graphiqa
