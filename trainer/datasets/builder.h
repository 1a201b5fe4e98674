// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <unordered_set>

#include "csv.h"
#include "dataset.h"
#include "datasets/folder.h"

namespace graphiqa {

/// Where in a list something stands: "X.csv, line 3".
struct Place {
  const std::string& file;
  const char* unit;  ///< "line", "row", "entry"
  size_t number;     ///< from 1

  std::string Text() const;
  /// "X.csv, line 3, column 'mos'"
  std::string Column(const std::string& column) const;
};

/// Where a row of a table stands: a line of a CSV file, a row of a sheet.
Place RowPlace(const CsvTable& table, size_t row);

/// A column's text in one row.
const std::string& Field(const CsvTable& table, size_t row, int column);

/// Collects a data set's samples and checks what all data sets have in common.
class DatasetBuilder {
 public:
  /// @param source   list or folder that the samples come from, for errors
  /// @param low,high rating that becomes score 0 and 100; low may be above high
  DatasetBuilder(std::string source, std::string licence, double low,
                 double high);

  /// @param column  name of the rating's column, for errors
  /// @throws Error(kFormat) when the picture is listed twice or the rating is
  ///   outside the range, Error(kNotFound) when `sample.path` is empty
  void Add(Sample sample, const Place& place, const std::string& column);

  /// @throws Error(kFormat) when there are no samples
  Dataset Take();

 private:
  std::string source_;
  Dataset dataset_;
  std::unordered_set<std::string> names_;
};

/// Finds a listed picture.
/// @throws Error(kNotFound) "X.csv, line 3: picture F/name does not exist"
std::string RequirePicture(const FolderIndex& folder, const std::string& name,
                           const Place& place);

/// A file name without folders and extension.
std::string Stem(const std::string& name);

}  // namespace graphiqa
