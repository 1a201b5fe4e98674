// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "resume.h"

#include <algorithm>
#include <vector>

#include "error.h"
#include "records.h"

namespace graphiqa {
namespace {

constexpr size_t kPtsColumn = 2;

/// One line of an output.
struct Entry {
  std::string file;
  bool timed = false;  ///< a frame of a video
};

bool ParseCsv(const std::string& record, bool summary, Entry* entry) {
  const std::string header = summary ? kCsvSummaryHeader : kCsvRowHeader;
  const std::vector<std::string> fields = SplitCsvRecord(record);
  if (fields.size() != SplitCsvRecord(header).size()) return false;
  entry->file = fields[0];
  entry->timed = !summary && !fields[kPtsColumn].empty();
  return true;
}

/// Reads just what JsonLinesFormat writes; the name stays escaped.
bool ParseJson(const std::string& record, bool summary, Entry* entry) {
  const std::string start = "{\"file\":\"";
  if (record.compare(0, start.size(), start) != 0) return false;
  size_t end = start.size();
  while (end < record.size() && record[end] != '"') {
    end += record[end] == '\\' ? 2 : 1;
  }
  if (end >= record.size() || record.substr(record.size() - 2) != "}\n") {
    return false;
  }
  const std::string next = summary ? "\",\"frames\":" : "\",\"frame\":";
  if (record.compare(end, next.size(), next) != 0) return false;
  entry->file = record.substr(start.size(), end - start.size());
  entry->timed =
      !summary && record.find("\"pts_s\":", end) != std::string::npos;
  return true;
}

[[noreturn]] void ThrowForeign(const std::string& path, size_t line) {
  throw Error(ErrorCode::kFormat,
              path + ": line " + std::to_string(line) +
                  " was not written with these options; --resume needs the "
                  "same --format and --summary");
}

}  // namespace

std::string OutputName(FormatKind kind, const std::string& file) {
  return kind == FormatKind::kJsonLines ? JsonEscape(file) : file;
}

ResumePoint ReadResumePoint(const std::string& path, FormatKind kind,
                            bool summary) {
  const std::string text = ReadOutput(path);
  const bool csv = kind == FormatKind::kCsv;
  ResumePoint point;
  size_t at = 0;
  size_t line = 1;
  if (csv) {
    const std::string header = summary ? kCsvSummaryHeader : kCsvRowHeader;
    const size_t common = std::min(header.size(), text.size());
    if (text.compare(0, common, header, 0, common) != 0) ThrowForeign(path, 1);
    if (text.size() < header.size()) return point;
    at = header.size();
    ++line;
  }
  Entry last;
  size_t group_start = at;
  for (size_t end; (end = RecordEnd(text, at, csv)) != std::string::npos;
       at = end, ++line) {
    const std::string record = text.substr(at, end - at);
    Entry entry;
    if (!(csv ? ParseCsv : ParseJson)(record, summary, &entry)) {
      ThrowForeign(path, line);
    }
    if (entry.file != last.file) group_start = at;
    last = entry;
    point.done.insert(entry.file);
  }
  if (last.timed) {
    point.done.erase(last.file);
    at = group_start;
  }
  point.keep_bytes = at;
  return point;
}

}  // namespace graphiqa
