// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "planes.h"

namespace graphiqa {

/// CIE L*a*b* of sRGB with the white (0.95047, 1, 1.08883) of D65: L in
/// [0, 100]; a and b are 0 for greys.
Planes ToLab(const Source& source);

/// The way back, then clamped to [0, 1]. XYZ below zero, which changed colours
/// bring about, go through the linear part of the curve like any other.
Planes FromLab(const Planes& lab);

}  // namespace graphiqa
