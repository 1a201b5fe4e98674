// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan_op.h"

namespace graphiqa {

/// What becomes of a pad with more zeros after than before.
enum class PadRule {
  kBothSides,  ///< both sides are padded alike, and kernels get zeros: for
               ///< convolutions that know no other way
  kAsIs,       ///< PlanOp::padding_after says so
};

/// Rewrites a traced graph so that each convolution also does what follows it:
/// batch norms go into weights and biases, additions of a second branch and
/// clamps become parts of the convolution, pads its padding.
/// @throws Error(kUsage) naming an operator that could not be fused
void FuseOperators(PlanGraph* graph, PadRule rule = PadRule::kBothSides);

}  // namespace graphiqa
