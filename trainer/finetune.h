// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "finetune_options.h"
#include "meters.h"

namespace graphiqa {

/// What a run came to.
struct FinetuneResult {
  Agreement probe;  ///< closed-form ridge on the frozen features
  Agreement best;   ///< of best.safetensors on the validation part
};

/// Trains a model: the head on cached features, then everything; leaves a run
/// folder with split.csv, config.json, metrics.csv, curves.svg, log.txt,
/// best.safetensors, last.safetensors and state.safetensors.
/// @throws Error(kCancelled) when interrupted, after the state is saved
FinetuneResult Finetune(const FinetuneOptions& options);

}  // namespace graphiqa
