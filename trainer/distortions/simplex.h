// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

namespace graphiqa {

struct SimplexOptions {
  double value_tolerance = 1e-4;  ///< spread of the values at the vertices
  double vertex_tolerance =
      1e-4;                    ///< greatest distance from the best, per axis
  int max_evaluations = 1000;  ///< of the function, and of steps
};

/// Minimum of a function by the search of Nelder and Mead as in Lagarias et
/// al. (SIAM J. Optimization 9(1), 1998), the first simplex made by adding 5 %
/// to one coordinate at a time: MATLAB's fminsearch.
/// @param start  none of its coordinates is 0
std::vector<double> MinimizeBySimplex(
    const std::function<double(const std::vector<double>&)>& function,
    const std::vector<double>& start, const SimplexOptions& options);

}  // namespace graphiqa
