// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Pretraining of GraphIQA (arXiv 2103.07666, section 3.3; released code
/// geekyutao/GraphIQA @727cbef, pretrain.py): the network learns to represent
/// distortions from tasks, one per type.
///
/// Ours: first the heads alone on features of the frozen backbone, then
/// everything. A step draws some types; each gets an anchor and a positive
/// batch of pictures, and the next type's anchor is its negative. Graphs of
/// whole batches give the codes of the triplets, as in the paper; type and
/// level heads learn from graphs of one picture, which is what inference runs.
/// All branches carry gradient unless told otherwise.
///
/// `released`: the released code's step. One anchor type and another as
/// negative, level loss of the anchor alone, noise in the level, edge summary
/// of pretraining, positive and negative without gradient.
#pragma once

#include "network/losses.h"
#include "options.h"
#include "ranks/ranks.h"
#include "run_folder.h"

namespace graphiqa {

/// What a run came to.
struct PretrainResult {
  EpochRow best;  ///< of best.safetensors on the validation part
};

/// Trains on tasks; leaves a run folder with split-distorted.csv and the same
/// files as Finetune(), which says what several ranks do.
/// @throws Error(kCancelled) when interrupted, after the state is saved
PretrainResult Pretrain(const PretrainOptions& options,
                        const Ranks& ranks = Ranks());

/// Whether so many ranks can share the work.
/// @throws Error(kUsage) naming the option that is in the way
void RequireShareable(const PretrainOptions& options, int ranks);

}  // namespace graphiqa
