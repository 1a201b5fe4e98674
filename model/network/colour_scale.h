// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

namespace graphiqa {

/// What pictures were normalised with, of RGB in [0,1].
struct ColourScale {
  std::array<float, 3> mean;
  std::array<float, 3> std;
};

}  // namespace graphiqa
