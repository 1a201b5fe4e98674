// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "network/backbone.h"
#include "plan_op.h"

namespace graphiqa {

/// Runs the backbone once on an empty picture and writes down what it
/// computes, so that a new backbone needs no second description for the
/// engine.
/// @param size_px  side of the network's input: paddings may depend on it
/// @throws Error(kUsage) naming an operator that plans do not know
PlanGraph TraceBackbone(Backbone& backbone, int64_t size_px);

}  // namespace graphiqa
