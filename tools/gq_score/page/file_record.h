// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "page/moment.h"
#include "page/state_runs.h"
#include "page/worst_frames.h"
#include "program/chart/curve.h"
#include "program/chart/histogram.h"
#include "program/chart/time_axis.h"
#include "results.h"
#include "row.h"

namespace graphiqa {

/// All that a page keeps about one file: bounded, however long it is.
class FileRecord {
 public:
  FileRecord(size_t index, std::string name);

  void Add(const FrameRow& row, const ThumbnailMaker& thumbnail);
  void Finish(const FileEnd& end, bool whole);

  size_t index() const { return index_; }  ///< in the run, from 0
  const std::string& name() const { return name_; }
  uint64_t frames() const { return summary_.frames(); }
  bool whole() const { return whole_; }
  const std::string& warning() const { return end_.warning; }
  /// Size and rate.
  const std::string& picture() const { return end_.picture; }

  /// @pre frames() > 0
  FileSummary Summary() const { return summary_.Build(end_.duration_s); }
  TimeAxis Axis() const;

  const std::vector<Moment>& moments() const { return moments_.buckets(); }
  uint64_t frames_per_moment() const { return moments_.samples_per_bucket(); }
  const std::vector<std::string>& types() const { return types_.names(); }
  const Histogram& histogram() const { return histogram_; }
  const StateRuns& runs() const { return runs_; }
  const WorstFrames& worst() const { return worst_; }

 private:
  const size_t index_;
  const std::string name_;
  SummaryBuilder summary_;
  NameTable types_;
  Decimator<Moment> moments_;
  Histogram histogram_;
  StateRuns runs_;
  WorstFrames worst_;
  FileEnd end_;
  bool whole_ = true;
  double last_s_ = 0;
};

/// The scores of a file as a curve, with the uncertainty as its spread.
Curve ScoreCurve(const FileRecord& record, int style);

/// The mean levels; empty where the model knows none.
Curve LevelCurve(const FileRecord& record);

/// At most `most` moments: neighbours become one.
std::vector<Moment> Condense(const std::vector<Moment>& moments, size_t most);

}  // namespace graphiqa
