// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Agreement with ratings in parts: by type of distortion, over random splits.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "meters.h"

namespace graphiqa {

/// A line of a table of results.
struct ResultRow {
  std::string label;
  size_t pictures = 0;
  Agreement agreement;
};

/// The rows as text, with a line of titles.
std::string ResultTable(const std::vector<ResultRow>& rows);

/// Measures each subset on its own, in the order of their names. Pictures with
/// an empty subset belong to none. Each has a logistic fit of its own.
/// @param predictions,ratings,subsets  one value per picture
/// @returns a row for each subset of two or more pictures
/// @throws Error(kUsage) when the lengths differ
std::vector<ResultRow> MeasureSubsets(const std::vector<double>& predictions,
                                      const std::vector<double>& ratings,
                                      const std::vector<std::string>& subsets);

/// Pictures held out by a random split: whole groups, all but
/// round((1 - fraction) * groups) of them, halves rounded to even. For LIVE's
/// 29 originals and 0.2 that leaves 6 out, as IQA papers do.
/// @param fraction  (0, 1)
/// @returns indices in increasing order
/// @throws Error(kUsage) when that holds out none or all of the groups
std::vector<size_t> HeldOutGroups(const std::vector<std::string>& groups,
                                  double fraction, uint64_t seed);

/// What the held-out parts of many random splits gave. Each measure's median,
/// lowest and highest value is its own: they may come from different splits.
struct SplitResults {
  int splits = 0;
  size_t pictures = 0;  ///< of the first split's held-out part
  Agreement median;
  Agreement lowest;
  Agreement highest;
};

/// Measures the held-out part of `splits` random splits, of seeds `seed`,
/// `seed + 1`, ….
/// @throws as HeldOutGroups(); Error(kUsage) when the lengths differ
SplitResults MeasureSplits(const std::vector<double>& predictions,
                           const std::vector<double>& ratings,
                           const std::vector<std::string>& groups,
                           double fraction, int splits, uint64_t seed);

/// Median, lowest and highest as rows of a table.
std::vector<ResultRow> SplitRows(const SplitResults& results);

}  // namespace graphiqa
