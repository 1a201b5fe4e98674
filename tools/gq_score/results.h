// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "row.h"

namespace graphiqa {

/// How a file ended.
struct FileEnd {
  std::optional<double> duration_s;  ///< absent for images
  std::string picture;               ///< size and rate: "1920 × 1080, 25 fps"
  std::string warning;               ///< empty = none
};

/// Takes what is found out about the files of a run, which are numbered from 0.
/// Calls come from several threads, those about one file from one at a time.
class Results {
 public:
  virtual ~Results() = default;
  virtual void Add(size_t index, const FrameRow& row,
                   const ThumbnailMaker& thumbnail) = 0;
  virtual void Done(size_t index, const FileEnd& end) = 0;
  virtual void Failed(size_t index, const std::string& message) = 0;

  /// The run ends before the file does; its rows so far are right.
  virtual void Stopped(size_t index, const FileEnd& end) = 0;
};

}  // namespace graphiqa
