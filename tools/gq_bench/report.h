// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "format/json.h"
#include "program/args.h"
#include "program/progress.h"

namespace graphiqa {

/// A column of the table on stdout.
struct Column {
  const char* title;
  const char* path;  ///< keys of the result with points between: "fps.median"
  int width;         ///< > 0 flush right, < 0 flush left
  int decimals;      ///< of a number
};

/// Takes one result after another: a line of the table each, and at the end a
/// file of JSON.
class BenchReport {
 public:
  /// @param command   "engine", "pipeline" or "live"
  /// @param settings  what was asked for
  /// @param total     results to come
  BenchReport(const std::string& command, Json settings,
              std::vector<Column> columns, size_t total);

  /// Measures and adds what comes of it: `what`, and with it the result's
  /// members or, where measuring failed, "error", which is also said on stderr.
  /// @returns false when the program was told to stop; then nothing is added
  bool Add(const Json::Object& what, const std::function<Json()>& measure);

  /// Writes `path` unless it is empty.
  /// @returns the exit code
  int Finish(const std::string& path);

 private:
  void PrintRow(const Json& result);

  std::string program_;
  std::vector<Column> columns_;
  Json document_;
  Json::Array results_;
  ProgressBar progress_;
  bool header_ = false;
  bool failed_ = false;
  bool stopped_ = false;
};

}  // namespace graphiqa
