// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Rewrites a fused graph for the GPU. Runs on the CPU and needs no CUDA, so
/// that it is tested everywhere.
#pragma once

#include "engine/plan_op.h"

namespace graphiqa::cuda {

/// Moves the bias of a convolution whose result is only added to another
/// convolution's (a shortcut) into that one's bias: cuDNN then has nothing to
/// add after the first.
void MoveShortcutBias(PlanGraph* graph);

/// Zeros around the input of a depthwise convolution, rows and columns.
struct UnevenPadding {
  int64_t top = 0;
  int64_t left = 0;
};

/// Whether every channel has one filter of its own and no other input.
bool IsDepthwise(const PlanOp& op);

/// Undoes, for a depthwise convolution, FuseOperators()'s way to write uneven
/// padding: leading rows and columns of zeros leave the kernel.
/// @param op  its weight is replaced; its padding no longer says anything
/// @returns the zeros before the input; those after follow from
///   the result's size, see Reach()
UnevenPadding TrimDepthwise(PlanOp* op);

/// A convolution's result has (input + Reach()) / stride + 1 pixels along an
/// axis.
/// @param axis  0 height, 1 width; `op` as before TrimDepthwise()
int64_t Reach(const PlanOp& op, size_t axis);

}  // namespace graphiqa::cuda
