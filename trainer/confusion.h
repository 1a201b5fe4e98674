// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "error.h"

namespace graphiqa {

/// How often each class was taken for each other.
struct Confusion {
  std::vector<std::string> names;
  /// [true][predicted]
  std::vector<std::vector<int64_t>> counts;

  int64_t Total() const;

  /// Part of all that was named right; 0 when there is nothing.
  double Accuracy() const;

  /// Part of the true ones of a class that was named so; 0 when there are none.
  double Recall(size_t index) const;

  /// Part of what was named so that is of the class; 0 when nothing was.
  double Precision(size_t index) const;
};

/// @param truth,predicted  one class per picture, in [0, names.size())
/// @throws Error(kUsage) when the lengths differ or a class is outside
Confusion CountConfusion(const std::vector<std::string>& names,
                         const std::vector<int>& truth,
                         const std::vector<int>& predicted);

/// The same counts with some classes taken as one, which stands where the first
/// of them stood, its name those of all with a slash between.
/// @param alike  lists of classes, each class in at most one of them
/// @throws Error(kUsage) when a class is outside or in two lists
Confusion MergeClasses(const Confusion& confusion,
                       const std::vector<std::vector<int>>& alike);

/// The counts as text: rows true, columns predicted under their numbers from
/// 1, the recall at the end of each row, the precisions below, the accuracy.
std::string ConfusionTable(const Confusion& confusion);

/// The counts as CSV: `true` and the names, then a row for each class.
std::string ConfusionCsv(const Confusion& confusion);

/// The counts as SVG, the accuracy in the title.
std::string ConfusionPlot(const Confusion& confusion);

}  // namespace graphiqa
