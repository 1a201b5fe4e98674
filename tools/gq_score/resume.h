// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "format.h"

namespace graphiqa {

/// What an earlier run left in its output.
struct ResumePoint {
  std::set<std::string> done;  ///< as OutputName() spells them
  uint64_t keep_bytes = 0;     ///< the output is cut to this length
};

/// How a file's name reads back from an output of this format.
std::string OutputName(FormatKind kind, const std::string& file);

/// Finds which files an earlier output has in full. A line without its end is
/// not counted, nor are the rows of a video at the very end, since the run may
/// have been stopped in the middle of it.
/// @param kind  kCsv or kJsonLines
/// @returns nothing done where `path` does not exist or is empty
/// @throws Error(kFormat) when the file is no output of this format and kind
///   of rows, Error(kFile) when it cannot be read
ResumePoint ReadResumePoint(const std::string& path, FormatKind kind,
                            bool summary);

}  // namespace graphiqa
