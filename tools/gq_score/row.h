// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "score_distribution.h"

namespace graphiqa {

/// What is known about one image or one scored frame. Fields that a model
/// cannot tell are absent.
struct FrameRow {
  uint64_t frame = 0;           ///< number in the file, from 0
  std::optional<double> pts_s;  ///< place in the video, seconds
  double score = 0;             ///< 0-100, higher is better
  double uncertainty = 0;       ///< one standard deviation, same scale
  std::optional<std::string> distortion;
  std::optional<double> confidence;  ///< 0-1, of `distortion`
  std::optional<double> level;       ///< 0-5
  std::string picture;               ///< normal, black, flat, frozen
  std::string state;                 ///< fresh, held
};

/// A small JPEG of a picture.
struct Thumbnail {
  int width = 0;     ///< pixels
  int height = 0;    ///< pixels
  std::string jpeg;  ///< empty where the picture could not be had
};

/// Makes the thumbnail of the picture of a row. It may be called while the row
/// is handed over, not later; it costs about a millisecond.
using ThumbnailMaker = std::function<Thumbnail()>;

using RowSink = std::function<void(const FrameRow&, const ThumbnailMaker&)>;

/// One file in one line.
struct FileSummary {
  uint64_t frames = 0;               ///< scored
  std::optional<double> duration_s;  ///< absent for images
  double score_mean = 0;
  double score_p5 = 0;  ///< 5th percentile, between neighbours linearly
  double score_min = 0;
  double uncertainty_mean = 0;
  std::optional<std::string> distortion;  ///< the most frequent one
  std::optional<double> confidence;       ///< mean over its frames
  std::optional<double> level;            ///< mean over all frames
};

/// Gathers the rows of one file in bounded memory.
class SummaryBuilder {
 public:
  void Add(const FrameRow& row);
  uint64_t frames() const { return scores_.count(); }

  /// @pre at least one row was added
  FileSummary Build(std::optional<double> duration_s) const;

 private:
  struct TypeCount {
    uint64_t frames = 0;
    double confidence = 0;  ///< summed
  };

  ScoreDistribution scores_;
  double uncertainty_ = 0;
  std::map<std::string, TypeCount> types_;
  double level_ = 0;
  uint64_t levels_ = 0;
};

}  // namespace graphiqa
