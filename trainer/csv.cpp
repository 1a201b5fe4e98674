// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "csv.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "program/csv_line.h"

namespace graphiqa {
namespace {

constexpr size_t kMaxRows = 10'000'000;

std::string Place(const std::string& path, int line) {
  return path + ", line " + std::to_string(line);
}

std::vector<std::string> SplitLine(const std::string& text,
                                   const std::string& place) {
  std::vector<std::string> fields;
  if (SplitCsvLine(text, &fields)) return fields;
  throw Error(ErrorCode::kFormat, place + ": quote is not closed");
}

void AddRow(const std::string& text, int line, CsvTable* table) {
  const std::string place = Place(table->path, line);
  std::vector<std::string> fields = SplitLine(text, place);
  if (fields.size() != table->header.size()) {
    throw Error(ErrorCode::kFormat, place + ": has " +
                                        std::to_string(fields.size()) +
                                        " fields, the header has " +
                                        std::to_string(table->header.size()));
  }
  if (table->rows.size() == kMaxRows) {
    throw Error(ErrorCode::kFormat, place + ": more than 10 million rows");
  }
  table->rows.push_back(std::move(fields));
  table->lines.push_back(line);
}

std::ifstream OpenText(const std::string& path) {
  if (!std::filesystem::exists(path)) {
    throw Error(ErrorCode::kNotFound, path + ": no such file");
  }
  std::ifstream file(path);
  if (!file || std::filesystem::is_directory(path)) {
    throw Error(ErrorCode::kFile, path + ": cannot be read");
  }
  return file;
}

}  // namespace

int CsvTable::Find(const std::string& column) const {
  const auto at = std::find(header.begin(), header.end(), column);
  return at == header.end() ? -1 : static_cast<int>(at - header.begin());
}

int CsvTable::Require(const std::string& column) const {
  const int index = Find(column);
  if (index >= 0) return index;
  std::string names;
  for (const std::string& name : header) names += " '" + name + "'";
  throw Error(ErrorCode::kFormat,
              path + ": no column '" + column + "'; it has" + names);
}

CsvTable ReadCsv(const std::string& path) {
  std::ifstream file = OpenText(path);
  CsvTable table;
  table.path = path;
  std::string text;
  for (int line = 1; std::getline(file, text); ++line) {
    if (!text.empty() && text.back() == '\r') text.pop_back();
    if (line == 1 && text.rfind("\xEF\xBB\xBF", 0) == 0) text.erase(0, 3);
    if (text.empty() || (table.header.empty() && text[0] == '#')) continue;
    if (table.header.empty()) {
      table.header = SplitLine(text, Place(path, line));
    } else {
      AddRow(text, line, &table);
    }
  }
  if (table.header.empty())
    throw Error(ErrorCode::kFormat, path + ": is empty");
  return table;
}

double ParseNumber(const std::string& text, const std::string& what) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(value)) {
    throw Error(ErrorCode::kFormat, what + ": '" + text + "' is not a number");
  }
  return value;
}

}  // namespace graphiqa
