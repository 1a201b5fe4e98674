// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// How ranks divide a step: each encodes its share of the pictures, then all
/// of them compute the loss of the whole batch from everybody's codes. So
/// losses that compare pictures, and graphs of a batch, need no care.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "loader.h"
#include "network/network.h"
#include "options.h"
#include "ranks/ranks.h"

namespace graphiqa {

/// Views of this rank's share of the items; see MakeImages().
at::Tensor MakeShare(const Ranks& ranks, const std::vector<Item>& items,
                     const SampleOptions& options);

/// Encode() of this rank's share, gathered; see Ranks::Gather().
/// @param images    of MakeShare()
/// @param pictures  in the whole batch
/// @returns x of the whole batch, [pictures * V, C]
at::Tensor EncodeShare(const Ranks& ranks, Network* network,
                       const at::Tensor& images, int64_t pictures, bool bf16);

/// @throws Error(kUsage) when batch norms would use statistics of the batch
void RequireFrozenNorms(const OptimiserOptions& options, int ranks);

/// @param option  that says how many pictures a step has
/// @throws Error(kUsage) when there are fewer than ranks
void RequirePictures(const char* option, int pictures, int ranks);

}  // namespace graphiqa
