// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "row.h"

namespace graphiqa {

enum class FormatKind { kTable, kCsv, kJsonLines };

constexpr const char* kCsvRowHeader =
    "file,frame,pts_s,score,uncertainty,distortion,confidence,level,picture,"
    "state\n";
constexpr const char* kCsvSummaryHeader =
    "file,frames,duration_s,score_mean,score_p5,score_min,uncertainty_mean,"
    "distortion,confidence,level\n";

/// How results are written down. Each text ends with a line feed.
class Format {
 public:
  virtual ~Format() = default;
  /// What goes before the first line; may be empty.
  virtual std::string RowHeader() const = 0;
  virtual std::string SummaryHeader() const = 0;
  virtual std::string Row(const std::string& file,
                          const FrameRow& row) const = 0;
  virtual std::string Summary(const std::string& file,
                              const FileSummary& summary) const = 0;
};

/// @param name_width  columns for the file's name in a table
std::unique_ptr<Format> MakeFormat(FormatKind kind, size_t name_width);

/// Number of characters of a UTF-8 text.
size_t CharacterCount(const std::string& text);

/// The file's name as a JSON string without its quotes. Bytes that are no
/// UTF-8 become U+FFFD.
std::string JsonEscape(const std::string& text);

}  // namespace graphiqa
