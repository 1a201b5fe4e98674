// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "page/file_record.h"

#include <algorithm>
#include <utility>

namespace graphiqa {
namespace {

constexpr size_t kMostMoments = 800;
constexpr size_t kWorstFrames = 6;

}  // namespace

FileRecord::FileRecord(size_t index, std::string name)
    : index_(index),
      name_(std::move(name)),
      moments_(kMostMoments),
      worst_(kWorstFrames) {}

void FileRecord::Add(const FrameRow& row, const ThumbnailMaker& thumbnail) {
  // A time that is missing or runs back would fold the curve.
  last_s_ = std::max(last_s_, row.pts_s.value_or(last_s_));
  summary_.Add(row);
  moments_.Add(Moment(row, last_s_, &types_));
  histogram_.Add(row.score);
  runs_.Add(PictureIndex(row.picture), last_s_);
  worst_.Add(row, last_s_, thumbnail);
}

void FileRecord::Finish(const FileEnd& end, bool whole) {
  end_ = end;
  whole_ = whole;
  runs_.Finish(std::max(last_s_, end.duration_s.value_or(0)));
}

TimeAxis FileRecord::Axis() const {
  return {0, std::max(last_s_, end_.duration_s.value_or(0))};
}

Curve ScoreCurve(const FileRecord& record, int style) {
  Curve curve;
  curve.style = style;
  for (const Moment& moment : record.moments()) {
    curve.points.push_back({moment.middle_s(), moment.score.mean(),
                            moment.score.low, moment.score.high,
                            moment.uncertainty.mean()});
  }
  return curve;
}

Curve LevelCurve(const FileRecord& record) {
  Curve curve;
  for (const Moment& moment : record.moments()) {
    if (moment.level.count == 0) continue;
    curve.points.push_back({moment.middle_s(), moment.level.mean(),
                            moment.level.low, moment.level.high, 0});
  }
  return curve;
}

std::vector<Moment> Condense(const std::vector<Moment>& moments, size_t most) {
  const size_t together = (moments.size() + most - 1) / most;
  std::vector<Moment> condensed;
  for (size_t i = 0; i < moments.size(); ++i) {
    if (i % together == 0) {
      condensed.push_back(moments[i]);
    } else {
      condensed.back().Merge(moments[i]);
    }
  }
  return condensed;
}

}  // namespace graphiqa
