// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "results.h"
#include "scorer.h"
#include "video_source.h"

namespace graphiqa {

struct RunOptions {
  VideoOptions video;
  int jobs = 1;  ///< files at a time
};

/// Scores all files, several at a time, and reports each failure in one line
/// on stderr.
/// @param results  take what is found out, in this order
/// @param stop     set from outside to end early
/// @returns number of files that failed
/// @throws Error when the results cannot be written
size_t ScoreFiles(const std::vector<std::string>& files,
                  const RunOptions& options, Scorer* scorer,
                  const std::vector<Results*>& results,
                  const std::atomic<bool>& stop);

}  // namespace graphiqa
