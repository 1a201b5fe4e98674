// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <deque>

namespace graphiqa {

/// The scores of the last seconds, for a curve. Time is cut into kColumns
/// columns, so that memory and drawing are bounded however many frames come.
class ScoreHistory {
 public:
  static constexpr uint64_t kColumns = 120;

  /// The mean of the scores of one column.
  struct Point {
    uint64_t column;
    double score;
    double uncertainty;
    unsigned count;  ///< scores that the means are of
    bool joined;     ///< to the point before
  };

  /// Another length than before forgets all. 0 = keep nothing.
  void SetLength(GstClockTime length);

  /// A result; one that is older than the newest starts anew (a seek).
  void Add(GstClockTime time, double score, double uncertainty);

  /// The next result is not joined to the last one: a frame failed.
  void Break() { broken_ = true; }

  /// Forgets what is older than the length at `now`, or lies after it by more
  /// than that.
  void Advance(GstClockTime now);

  void Clear();

  GstClockTime length() const { return length_; }
  const std::deque<Point>& points() const { return points_; }
  uint64_t ColumnOf(GstClockTime time) const;

  /// Another number each time that the points change.
  uint64_t revision() const { return revision_; }

 private:
  GstClockTime length_ = 0;
  std::deque<Point> points_;
  bool broken_ = false;
  uint64_t revision_ = 0;
};

}  // namespace graphiqa
