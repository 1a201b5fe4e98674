// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "error.h"

namespace graphiqa {

/// The variables of a MATLAB file of level 5 (`save -v6`, `save -v7`), as far
/// as data sets need them: real arrays of numbers and cell arrays of text.
/// Follows MathWorks, "MAT-File Format" (2019), both byte orders, compressed
/// elements, small elements, numbers stored as a narrower type. Every size is
/// checked before it is believed, so a damaged file costs an error, not memory
/// or time.
class MatFile {
 public:
  /// Reads the file and the headers of all its variables.
  /// @throws Error(kNotFound|kFile) or Error(kFormat) naming the file: no level
  ///   5 file (7.3 is HDF5), damaged, above 64 MiB
  explicit MatFile(const std::string& path);

  /// The same for a file in memory; `path` names it in errors.
  MatFile(const std::string& file, const std::string& path);

  const std::string& path() const { return path_; }

  /// A real numeric or logical array as doubles, in the file's order (column by
  /// column), whatever its shape.
  /// @throws Error(kFormat) when there is none of that name and kind
  std::vector<double> Numbers(const std::string& variable) const;

  /// A cell array of one-line char arrays as UTF-8, in the file's order.
  /// @throws as Numbers()
  std::vector<std::string> Texts(const std::string& variable) const;

 private:
  struct Variable {
    uint32_t type = 0;  ///< MATLAB's class number
    bool complex = false;
    uint64_t count = 0;         ///< product of the dimensions
    std::vector<uint8_t> body;  ///< what follows the name
  };

  void AddVariable(const uint8_t* data, size_t bytes);
  const Variable& Require(const std::string& variable) const;

  std::string path_;
  bool swap_ = false;  ///< the file's byte order is not this machine's
  std::map<std::string, Variable> variables_;
};

}  // namespace graphiqa
