// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "records.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "error.h"
#include "program/csv_line.h"

namespace graphiqa {
namespace {

constexpr uintmax_t kMaxOutputBytes = uintmax_t{2} << 30;

}  // namespace

std::string ReadOutput(const std::string& path) {
  if (!std::filesystem::exists(path)) return "";
  if (std::filesystem::file_size(path) > kMaxOutputBytes) {
    throw Error(ErrorCode::kFile, path + ": too large to be resumed (2 GiB)");
  }
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) throw Error(ErrorCode::kFile, path + ": cannot be read");
  return text.str();
}

size_t RecordEnd(const std::string& text, size_t at, bool quotes) {
  bool quoted = false;
  for (size_t i = at; i < text.size(); ++i) {
    if (quotes && text[i] == '"') quoted = !quoted;
    if (text[i] == '\n' && !quoted) return i + 1;
  }
  return std::string::npos;
}

std::vector<std::string> SplitCsvRecord(const std::string& record) {
  std::vector<std::string> fields;
  SplitCsvLine(record.substr(0, record.size() - 1), &fields);
  return fields;
}

}  // namespace graphiqa
