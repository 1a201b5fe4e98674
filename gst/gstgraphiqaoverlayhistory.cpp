// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqaoverlayhistory.h"

#include <algorithm>

namespace graphiqa {

uint64_t ScoreHistory::ColumnOf(GstClockTime time) const {
  return time / std::max<GstClockTime>(length_ / kColumns, 1);
}

void ScoreHistory::SetLength(GstClockTime length) {
  if (length == length_) return;
  Clear();
  length_ = length;
}

void ScoreHistory::Add(GstClockTime time, double score, double uncertainty) {
  if (length_ == 0) return;
  const uint64_t column = ColumnOf(time);
  if (!points_.empty() && column < points_.back().column) Clear();
  ++revision_;
  if (!points_.empty() && column == points_.back().column) {
    Point& last = points_.back();
    ++last.count;
    last.score += (score - last.score) / last.count;
    last.uncertainty += (uncertainty - last.uncertainty) / last.count;
    return;
  }
  points_.push_back(
      {column, score, uncertainty, 1, !broken_ && !points_.empty()});
  broken_ = false;
}

void ScoreHistory::Advance(GstClockTime now) {
  const uint64_t column = ColumnOf(now);
  if (!points_.empty() && points_.back().column > column + kColumns) Clear();
  while (!points_.empty() && points_.front().column + kColumns < column) {
    points_.pop_front();
    ++revision_;
  }
}

void ScoreHistory::Clear() {
  points_.clear();
  broken_ = false;
  ++revision_;
}

}  // namespace graphiqa
