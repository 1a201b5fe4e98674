// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Training runs side by side, from the folders that they leave.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "csv.h"

namespace graphiqa {

/// What a run folder says about a run.
struct RunRecord {
  std::string label;  ///< the folder's name
  /// config.json with nested names joined by points: "all.rate" -> "0.0001".
  std::map<std::string, std::string> options;
  CsvTable metrics;  ///< metrics.csv, a row per epoch
};

/// Reads config.json and metrics.csv.
/// @throws Error(kNotFound|kFormat) naming the folder or file
RunRecord ReadRun(const std::string& folder);

/// Reads several runs; those whose folders have the same name get their whole
/// path as label.
std::vector<RunRecord> ReadRuns(const std::vector<std::string>& folders);

/// The options that are not the same in all runs, a row for each, a column for
/// each run; "-" where a run has no such option. Says so when there are none.
std::string OptionTable(const std::vector<RunRecord>& runs);

/// Whether a larger value of a column of metrics.csv is better: not so for
/// losses, errors and times.
bool LargerIsBetter(const std::string& column);

/// The row that is best by a column, the first of equals.
/// @throws Error(kFormat) naming the file when there is no such column or no
///   number in it
size_t BestRow(const RunRecord& run, const std::string& column);

/// The best row of each run and how many rows it has; the columns that all the
/// runs have.
std::string BestTable(const std::vector<RunRecord>& runs,
                      const std::string& column);

/// Learning curves as SVG: the column, and the training loss where all runs
/// have one, over the rows of metrics.csv.
std::string CurvesPlot(const std::vector<RunRecord>& runs,
                       const std::string& column);

}  // namespace graphiqa
