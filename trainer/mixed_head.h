// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "head_phase.h"
#include "options.h"
#include "pretrain_head.h"
#include "session.h"

namespace graphiqa {

/// Features of distorted pictures beside those of rated ones, so that all heads
/// learn on kept features at once.
struct MixedHeadData {
  TaskFeatures train;  ///< online: whole families, see TaskSource::Family()
  at::Tensor held;     ///< [m, V, F] half, of the pictures to validate on
  at::Tensor anchors;  ///< as of LabelsOf()
};

/// What the network says of the families' originals, by sample: anchors.
/// @param samples  of the data set
at::Tensor AnchorsOf(Network* network, const TaskFeatures& families,
                     int versions, size_t samples);

/// DistortedLoss() of pictures drawn at random, the same for the same seed,
/// epoch and step.
/// @param data  must outlive what is returned
/// @param floor,none_row  as of DistortedLoss()
/// @param first_dropped   of the nodes, as of Dropout()
MoreLoss MixedHeadLoss(Network* network, const MixedHeadData& data,
                       const FinetuneOptions& options, double floor,
                       int none_row, int64_t first_dropped);

}  // namespace graphiqa
