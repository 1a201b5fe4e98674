// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "compare.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>

#include "format/json.h"
#include "plot.h"

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLoss = "train_loss";

std::string ShortText(const Json& json) {
  if (json.IsString()) return json.AsString();
  if (json.IsInt() || !json.IsNumber()) return json.Dump();
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", json.AsDouble());
  return text;
}

void Flatten(const Json& json, const std::string& name,
             std::map<std::string, std::string>* options) {
  if (!json.IsObject()) {
    (*options)[name] = ShortText(json);
    return;
  }
  for (const Json::Member& member : json.AsObject()) {
    Flatten(member.second,
            name.empty() ? member.first : name + "." + member.first, options);
  }
}

Json ReadConfig(const std::string& folder) {
  const std::string path = (fs::path(folder) / "config.json").string();
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw Error(ErrorCode::kNotFound,
                folder + ": is no run folder (no config.json in it)");
  }
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  return Json::Parse(text, path);
}

/// A column's values; NaN where a field is empty.
/// @throws Error(kFormat) naming line and column of what is no number
std::vector<double> Values(const RunRecord& run, const std::string& column) {
  const auto index = static_cast<size_t>(run.metrics.Require(column));
  std::vector<double> values;
  for (size_t row = 0; row < run.metrics.rows.size(); ++row) {
    const std::string& text = run.metrics.rows[row][index];
    values.push_back(
        text.empty() || text == "nan" || text == "-nan"
            ? std::numeric_limits<double>::quiet_NaN()
            : ParseNumber(text, run.metrics.path + ", line " +
                                    std::to_string(run.metrics.lines[row]) +
                                    ", column '" + column + "'"));
  }
  return values;
}

/// Rows of cells as text, the first column to the left, the others to the
/// right.
std::string FormatTable(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  for (const std::vector<std::string>& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string text;
  for (const std::vector<std::string>& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - row[i].size(), ' ');
      text += i == 0 ? row[i] + padding : "  " + padding + row[i];
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

/// Columns that every run's metrics have, in the order of the first run.
std::vector<std::string> CommonColumns(const std::vector<RunRecord>& runs) {
  std::vector<std::string> columns;
  for (const std::string& column : runs.front().metrics.header) {
    const bool common =
        std::all_of(runs.begin(), runs.end(), [&column](const RunRecord& run) {
          return run.metrics.Find(column) >= 0;
        });
    if (common) columns.push_back(column);
  }
  return columns;
}

PlotPanel Curves(const std::vector<RunRecord>& runs,
                 const std::string& column) {
  PlotPanel panel{column, "epoch (rows of metrics.csv)", "", {}};
  for (const RunRecord& run : runs) {
    Series series{run.label, {}};
    const std::vector<double> values = Values(run, column);
    for (size_t i = 0; i < values.size(); ++i) {
      series.points.emplace_back(static_cast<double>(i + 1), values[i]);
    }
    panel.series.push_back(std::move(series));
  }
  return panel;
}

}  // namespace

RunRecord ReadRun(const std::string& folder) {
  RunRecord run;
  fs::path path = fs::path(folder).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  run.label = path.filename().string();
  Flatten(ReadConfig(folder), "", &run.options);
  run.metrics = ReadCsv((fs::path(folder) / "metrics.csv").string());
  if (run.metrics.rows.empty()) {
    throw Error(ErrorCode::kFormat,
                run.metrics.path + ": no epoch has ended yet");
  }
  return run;
}

std::vector<RunRecord> ReadRuns(const std::vector<std::string>& folders) {
  std::vector<RunRecord> runs;
  std::map<std::string, int> uses;
  for (const std::string& folder : folders) {
    runs.push_back(ReadRun(folder));
    ++uses[runs.back().label];
  }
  for (size_t i = 0; i < runs.size(); ++i) {
    if (uses[runs[i].label] > 1) runs[i].label = folders[i];
  }
  return runs;
}

std::string OptionTable(const std::vector<RunRecord>& runs) {
  std::set<std::string> names;
  for (const RunRecord& run : runs) {
    for (const auto& [name, value] : run.options) names.insert(name);
  }
  std::vector<std::vector<std::string>> rows(1, {"option"});
  for (const RunRecord& run : runs) rows[0].push_back(run.label);
  for (const std::string& name : names) {
    std::vector<std::string> row = {name};
    for (const RunRecord& run : runs) {
      const auto found = run.options.find(name);
      row.push_back(found == run.options.end() ? "-" : found->second);
    }
    if (std::set<std::string>(row.begin() + 1, row.end()).size() > 1) {
      rows.push_back(std::move(row));
    }
  }
  return rows.size() == 1 ? "all options are the same\n" : FormatTable(rows);
}

bool LargerIsBetter(const std::string& column) {
  for (const char* word : {"loss", "rmse", "mse", "error", "seconds"}) {
    if (column.find(word) != std::string::npos) return false;
  }
  return true;
}

size_t BestRow(const RunRecord& run, const std::string& column) {
  const std::vector<double> values = Values(run, column);
  const double sign = LargerIsBetter(column) ? 1 : -1;
  size_t best = values.size();
  for (size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    if (best == values.size() || sign * values[i] > sign * values[best]) {
      best = i;
    }
  }
  if (best == values.size()) {
    throw Error(ErrorCode::kFormat,
                run.metrics.path + ": no number in column '" + column + "'");
  }
  return best;
}

std::string BestTable(const std::vector<RunRecord>& runs,
                      const std::string& column) {
  const std::vector<std::string> columns = CommonColumns(runs);
  std::vector<std::vector<std::string>> rows(1, {"best by " + column});
  rows[0].insert(rows[0].end(), columns.begin(), columns.end());
  rows[0].push_back("rows");
  for (const RunRecord& run : runs) {
    const size_t best = BestRow(run, column);
    std::vector<std::string> row = {run.label};
    for (const std::string& name : columns) {
      row.push_back(
          run.metrics.rows[best][static_cast<size_t>(run.metrics.Find(name))]);
    }
    row.push_back(std::to_string(run.metrics.rows.size()));
    rows.push_back(std::move(row));
  }
  return FormatTable(rows);
}

std::string CurvesPlot(const std::vector<RunRecord>& runs,
                       const std::string& column) {
  std::vector<PlotPanel> panels = {Curves(runs, column)};
  const std::vector<std::string> columns = CommonColumns(runs);
  const bool has_loss =
      std::find(columns.begin(), columns.end(), kLoss) != columns.end();
  if (has_loss && column != kLoss) panels.push_back(Curves(runs, kLoss));
  return PlotPanels(panels);
}

}  // namespace graphiqa
