// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "earlier_rows.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "error.h"
#include "format/json.h"
#include "records.h"
#include "resume.h"

namespace graphiqa {
namespace {

/// Columns of a CSV output, in the order of kCsvRowHeader.
enum Column {
  kFile,
  kFrame,
  kPts,
  kScore,
  kUncertainty,
  kDistortion,
  kConfidence,
  kLevel,
  kPicture,
  kState,
  kColumns
};

template <typename Value>
Value ParseNumber(const std::string& text) {
  Value value{};
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end ||
      !std::isfinite(static_cast<double>(value))) {
    throw Error(ErrorCode::kFormat, "'" + text + "' is no such number");
  }
  return value;
}

std::optional<double> OptionalNumber(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return ParseNumber<double>(text);
}

FrameRow FromCsv(const std::string& record, std::string* file) {
  const std::vector<std::string> fields = SplitCsvRecord(record);
  if (fields.size() != kColumns) {
    throw Error(ErrorCode::kFormat,
                "a row has " + std::to_string(fields.size()) + " fields");
  }
  *file = fields[kFile];
  FrameRow row;
  row.frame = ParseNumber<uint64_t>(fields[kFrame]);
  row.pts_s = OptionalNumber(fields[kPts]);
  row.score = ParseNumber<double>(fields[kScore]);
  row.uncertainty = ParseNumber<double>(fields[kUncertainty]);
  if (!fields[kDistortion].empty()) row.distortion = fields[kDistortion];
  row.confidence = OptionalNumber(fields[kConfidence]);
  row.level = OptionalNumber(fields[kLevel]);
  row.picture = fields[kPicture];
  row.state = fields[kState];
  return row;
}

std::optional<double> OptionalMember(const Json& json, const char* key) {
  const Json* member = json.Find(key);
  if (member == nullptr) return std::nullopt;
  return member->AsDouble(key);
}

FrameRow FromJson(const std::string& record, std::string* file) {
  const Json json = Json::Parse(record, "row");
  *file = OutputName(FormatKind::kJsonLines, json.GetString("file"));
  FrameRow row;
  row.frame = static_cast<uint64_t>(json.GetInt("frame", 0, INT64_MAX));
  row.pts_s = OptionalMember(json, "pts_s");
  row.score = json.GetDouble("score");
  row.uncertainty = json.GetDouble("uncertainty");
  const Json* distortion = json.Find("distortion");
  if (distortion != nullptr) row.distortion = distortion->AsString();
  row.confidence = OptionalMember(json, "confidence");
  row.level = OptionalMember(json, "level");
  row.picture = json.GetString("picture");
  row.state = json.GetString("state");
  return row;
}

}  // namespace

void ReadEarlierRows(const std::string& path, FormatKind kind, uint64_t bytes,
                     const std::function<void(const std::string& file,
                                              const FrameRow& row)>& sink) {
  std::string text = ReadOutput(path);
  text.resize(std::min<uint64_t>(bytes, text.size()));
  const bool csv = kind == FormatKind::kCsv;
  size_t line = 1;
  size_t at = 0;
  if (csv && !text.empty()) {
    at = RecordEnd(text, 0, csv);
    ++line;
  }
  for (size_t end; at < text.size(); at = end, ++line) {
    end = RecordEnd(text, at, csv);
    std::string file;
    FrameRow row;
    try {
      row = (csv ? FromCsv : FromJson)(text.substr(at, end - at), &file);
    } catch (const Error& error) {
      throw Error(ErrorCode::kFormat,
                  path + ": row " + std::to_string(line) + ": " + error.what());
    }
    sink(file, row);
  }
}

size_t ReplayEarlierRows(const std::string& path, FormatKind kind,
                         uint64_t bytes, const std::vector<std::string>& files,
                         Results* results) {
  std::map<std::string, size_t> numbers;
  for (size_t i = 0; i < files.size(); ++i) {
    numbers.emplace(OutputName(kind, files[i]), i);
  }
  auto open = numbers.end();
  FileEnd end;
  size_t replayed = 0;
  const auto close = [&] {
    if (open != numbers.end()) results->Done(open->second, end);
    end = FileEnd();
  };
  ReadEarlierRows(
      path, kind, bytes, [&](const std::string& file, const FrameRow& row) {
        const auto found = numbers.find(file);
        if (found != open) {
          close();
          open = found;
          replayed += found != numbers.end() ? 1 : 0;
        }
        if (found == numbers.end()) return;
        results->Add(found->second, row, [] { return Thumbnail(); });
        end.duration_s = row.pts_s;
      });
  close();
  return replayed;
}

}  // namespace graphiqa
