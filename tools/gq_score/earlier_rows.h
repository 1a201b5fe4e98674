// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "format.h"
#include "results.h"
#include "row.h"

namespace graphiqa {

/// Reads back the rows that --resume keeps of an earlier per-frame output.
/// @param kind   kCsv or kJsonLines
/// @param bytes  how much of it stays, as ReadResumePoint() says
/// @param sink   gets each row, in their order; `file` is spelled as by
///               OutputName()
/// @throws Error(kFormat) naming the line when a row cannot be understood
void ReadEarlierRows(const std::string& path, FormatKind kind, uint64_t bytes,
                     const std::function<void(const std::string& file,
                                              const FrameRow& row)>& sink);

/// Gives those rows to `results`, as if the files had just been scored, but
/// without thumbnails.
/// @param files  names by number; rows of others are left out
/// @returns how many files there were
size_t ReplayEarlierRows(const std::string& path, FormatKind kind,
                         uint64_t bytes, const std::vector<std::string>& files,
                         Results* results);

}  // namespace graphiqa
