// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "error.h"

namespace graphiqa {

/// A small CSV file with a header line, quoting as in RFC 4180 without line
/// breaks inside fields. Lines before the header that start with '#' are
/// comments.
struct CsvTable {
  std::string path;
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
  std::vector<int> lines;  ///< line number of each row, the header is line 1

  /// Index of a column, -1 when there is none.
  int Find(const std::string& column) const;

  /// @throws Error(kFormat) naming the column and the ones that are there
  int Require(const std::string& column) const;
};

/// @throws Error(kNotFound|kFile|kFormat) naming the file and the line; at
///   most 10 million rows are read
CsvTable ReadCsv(const std::string& path);

/// A finite number.
/// @throws Error(kFormat) with `what` in front
double ParseNumber(const std::string& text, const std::string& what);

}  // namespace graphiqa
