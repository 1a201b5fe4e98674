// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scorer.h"

namespace graphiqa {

/// @param size  of the network's input
/// @throws Error(kUsage) naming the view's size unless it has
///   width * height * 3 bytes, or size * size * 3 when it is scaled, and is of
///   at least one pixel
void CheckPixels(const ViewPixels& pixels, int size);

}  // namespace graphiqa
