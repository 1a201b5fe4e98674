// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "format/json.h"
#include "meters.h"

namespace graphiqa {

/// What one epoch gave: a line of metrics.csv. Measures are of the validation
/// part; NaN where there was nothing to measure.
struct EpochRow {
  std::string phase;              ///< "pretrain", "head" or "all"
  int epoch = 0;                  ///< from 1, within the phase
  double loss = 0;                ///< mean over the epoch's training batches
  Agreement val = NoAgreement();  ///< with human scores, in score units
  double type_accuracy = std::numeric_limits<double>::quiet_NaN();
  double level_srocc = std::numeric_limits<double>::quiet_NaN();
  double seconds = 0;
};

/// What epochs are chosen by: SROCC with human scores, plus a quarter of the
/// share of distortions that are named right; each where it is measured.
double Selection(const EpochRow& row);

/// The row's measures in words.
std::string Describe(const EpochRow& row);

Json ToJson(const std::vector<EpochRow>& rows);
std::vector<EpochRow> RowsFromJson(const Json& json);

/// The folder that a training run leaves: config.json, log.txt, metrics.csv,
/// curves.svg, split.csv, the models and the state to resume from.
class RunFolder {
 public:
  /// Creates the folder.
  /// @param resume  false: a folder that already holds a run is refused
  /// @param writes  false: nothing is created, written or said, because rank 0
  ///   of several does it
  /// @throws Error(kUsage|kFile)
  RunFolder(std::string path, bool resume, bool writes = true);

  std::string File(const std::string& name) const;
  bool Has(const std::string& name) const;
  bool writes() const;

  /// One line, with the time in front in log.txt and as it is on stderr.
  void Log(const std::string& line) const;

  void WriteConfig(const Json& config) const;

  /// metrics.csv and curves.svg, each replaced as a whole.
  void WriteMetrics(const std::vector<EpochRow>& rows) const;

 private:
  std::string path_;
  bool writes_;
};

}  // namespace graphiqa
