// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meters.h"
#include "options.h"
#include "ranks/ranks.h"
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
///
/// Several ranks take the steps that one process takes, each with its share of
/// the pictures; rank 0 does everything else and alone knows the result.
/// @throws Error(kCancelled) when interrupted, after the state is saved
FinetuneResult Finetune(const FinetuneOptions& options,
                        const Ranks& ranks = Ranks());

/// Whether so many ranks can share the work.
/// @throws Error(kUsage) naming the option that is in the way
void RequireShareable(const FinetuneOptions& options, int ranks);

}  // namespace graphiqa
