// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "report.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <utility>

#include "common/signals.h"
#include "format/atomic_file.h"
#include "machine.h"

namespace graphiqa {
namespace {

constexpr int kFormatVersion = 1;

std::string UtcNow() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

const Json* FindPath(const Json& result, const std::string& path) {
  const Json* at = &result;
  for (size_t begin = 0; at != nullptr && begin <= path.size();) {
    const size_t end = std::min(path.find('.', begin), path.size());
    at = at->Find(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return at;
}

std::string CellText(const Json* value, int decimals) {
  if (value == nullptr || value->IsNull()) return "-";
  if (value->IsString()) return value->AsString();
  char text[64];
  snprintf(text, sizeof text, "%.*f", decimals, value->AsDouble());
  return text;
}

/// Cut in front, where long paths differ least.
std::string Padded(std::string text, int width) {
  const auto room = static_cast<size_t>(std::abs(width));
  if (width < 0 && text.size() > room) {
    text = "..." + text.substr(text.size() - room + 3);
  }
  const std::string blanks(room - std::min(room, text.size()), ' ');
  return width < 0 ? text + blanks : blanks + text;
}

}  // namespace

BenchReport::BenchReport(const std::string& command, Json settings,
                         std::vector<Column> columns, size_t total)
    : program_("gq-bench " + command),
      columns_(std::move(columns)),
      progress_(total, "measurements") {
  document_ = Json::Object{{"format", "gq-bench"},
                           {"format_version", kFormatVersion},
                           {"graphiqa", GRAPHIQA_VERSION},
                           {"command", command},
                           {"started", UtcNow()},
                           {"machine", DescribeMachine()},
                           {"settings", std::move(settings)}};
}

bool BenchReport::Add(const Json::Object& what,
                      const std::function<Json()>& measure) {
  Json result = what;
  progress_.Update(static_cast<double>(results_.size()));
  try {
    const Json measured = measure();
    progress_.Clear();
    for (const auto& [key, value] : measured.AsObject()) result.Set(key, value);
    PrintRow(result);
  } catch (const Error& error) {
    progress_.Clear();
    if (error.code() == ErrorCode::kCancelled && StopFlag()) {
      stopped_ = true;
      return false;
    }
    failed_ = true;
    result.Set("error", error.what());
    PrintError(program_, error.what());
  }
  results_.push_back(std::move(result));
  return true;
}

void BenchReport::PrintRow(const Json& result) {
  std::string titles;
  std::string cells;
  for (const Column& column : columns_) {
    titles += Padded(column.title, column.width) + "  ";
    cells += Padded(CellText(FindPath(result, column.path), column.decimals),
                    column.width) +
             "  ";
  }
  if (!header_) printf("%s\n", titles.c_str());
  header_ = true;
  printf("%s\n", cells.c_str());
  fflush(stdout);
}

int BenchReport::Finish(const std::string& path) {
  document_.Set("finished", UtcNow());
  document_.Set("complete", !stopped_);
  document_.Set("load_average_after", DescribeMachine().At("load_average"));
  document_.Set("results", std::move(results_));
  if (!path.empty()) WriteFileAtomically(path, document_.Dump(2) + "\n");
  if (stopped_) return 128 + StopSignal();
  return failed_ ? kExitFailed : kExitOk;
}

}  // namespace graphiqa
