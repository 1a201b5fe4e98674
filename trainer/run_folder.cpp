// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "run_folder.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "format/atomic_file.h"
#include "plot.h"

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

std::string UtcNow() {
  const std::time_t now =
      std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

/// Empty for what was not measured.
void Column(double value, std::ostringstream* text) {
  *text << ',';
  if (!std::isnan(value)) *text << value;
}

std::string MetricsText(const std::vector<EpochRow>& rows) {
  std::ostringstream text;
  text << "phase,epoch,train_loss,val_srocc,val_plcc,val_krocc,val_rmse,"
          "val_type_accuracy,val_level_srocc,seconds\n";
  text.precision(6);
  for (const EpochRow& row : rows) {
    text << row.phase << ',' << row.epoch << ',' << row.loss;
    for (double value : {row.val.srocc, row.val.plcc, row.val.krocc,
                         row.val.rmse, row.type_accuracy, row.level_srocc}) {
      Column(value, &text);
    }
    text << ',' << row.seconds << '\n';
  }
  return text.str();
}

/// A curve of what was measured; nothing when it never was.
void AddSeries(const std::string& name, const std::vector<EpochRow>& rows,
               double (*value)(const EpochRow&), std::vector<Series>* all) {
  Series series{name, {}};
  for (size_t i = 0; i < rows.size(); ++i) {
    const double y = value(rows[i]);
    if (!std::isnan(y))
      series.points.push_back({static_cast<double>(i + 1), y});
  }
  if (!series.points.empty()) all->push_back(std::move(series));
}

std::string CurvesText(const std::vector<EpochRow>& rows) {
  std::vector<Series> all;
  AddSeries(
      "training loss", rows, [](const EpochRow& r) { return r.loss; }, &all);
  AddSeries(
      "validation SROCC", rows, [](const EpochRow& r) { return r.val.srocc; },
      &all);
  AddSeries(
      "validation, types named right", rows,
      [](const EpochRow& r) { return r.type_accuracy; }, &all);
  AddSeries(
      "validation, SROCC of the level", rows,
      [](const EpochRow& r) { return r.level_srocc; }, &all);
  return LinePlot("epoch (of all phases)", all);
}

Json NumberOrNull(double value) {
  return std::isnan(value) ? Json() : Json(value);
}

double NumberOf(const Json& item, const std::string& key) {
  const Json* value = item.Find(key);
  return value && !value->IsNull() ? item.GetDouble(key)
                                   : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

double Selection(const EpochRow& row) {
  double sum = 0;
  if (!std::isnan(row.val.srocc)) sum += row.val.srocc;
  if (!std::isnan(row.type_accuracy)) sum += 0.25 * row.type_accuracy;
  return sum;
}

std::string Describe(const EpochRow& row) {
  char text[160];
  std::string all;
  if (!std::isnan(row.val.srocc)) {
    std::snprintf(text, sizeof text,
                  "SROCC %.4f PLCC %.4f KROCC %.4f RMSE %.2f", row.val.srocc,
                  row.val.plcc, row.val.krocc, row.val.rmse);
    all = text;
  }
  if (!std::isnan(row.type_accuracy)) {
    std::snprintf(text, sizeof text, "%stype %.1f %% level SROCC %.4f",
                  all.empty() ? "" : ", ", 100 * row.type_accuracy,
                  row.level_srocc);
    all += text;
  }
  return all;
}

Json ToJson(const std::vector<EpochRow>& rows) {
  Json::Array list;
  for (const EpochRow& row : rows) {
    list.push_back(
        Json::Object{{"phase", row.phase},
                     {"epoch", row.epoch},
                     {"loss", row.loss},
                     {"srocc", NumberOrNull(row.val.srocc)},
                     {"plcc", NumberOrNull(row.val.plcc)},
                     {"krocc", NumberOrNull(row.val.krocc)},
                     {"rmse", NumberOrNull(row.val.rmse)},
                     {"type_accuracy", NumberOrNull(row.type_accuracy)},
                     {"level_srocc", NumberOrNull(row.level_srocc)},
                     {"seconds", row.seconds}});
  }
  return list;
}

std::vector<EpochRow> RowsFromJson(const Json& json) {
  std::vector<EpochRow> rows;
  for (const Json& item : json.AsArray("rows")) {
    EpochRow row;
    row.phase = item.GetString("phase");
    row.epoch = static_cast<int>(item.GetInt("epoch", 0, 1'000'000));
    row.loss = item.GetDouble("loss");
    row.val.srocc = NumberOf(item, "srocc");
    row.val.plcc = NumberOf(item, "plcc");
    row.val.krocc = NumberOf(item, "krocc");
    row.val.rmse = NumberOf(item, "rmse");
    row.type_accuracy = NumberOf(item, "type_accuracy");
    row.level_srocc = NumberOf(item, "level_srocc");
    row.seconds = item.GetDouble("seconds");
    rows.push_back(row);
  }
  return rows;
}

RunFolder::RunFolder(std::string path, bool resume, bool writes)
    : path_(std::move(path)), writes_(writes) {
  if (path_.empty()) {
    throw Error(ErrorCode::kUsage,
                "--out is missing: where should the run go?");
  }
  if (!writes_) return;
  if (!resume && fs::exists(fs::path(path_) / "config.json")) {
    throw Error(ErrorCode::kUsage,
                "--out " + path_ +
                    " already holds a run: give --resume to go on with it or "
                    "another folder");
  }
  std::error_code error;
  fs::create_directories(path_, error);
  if (error) {
    throw Error(ErrorCode::kFile, "--out " + path_ + ": " + error.message());
  }
}

std::string RunFolder::File(const std::string& name) const {
  return (fs::path(path_) / name).string();
}

bool RunFolder::writes() const { return writes_; }

bool RunFolder::Has(const std::string& name) const {
  return fs::exists(File(name));
}

void RunFolder::Log(const std::string& line) const {
  if (!writes_) return;
  std::fprintf(stderr, "%s\n", line.c_str());
  std::ofstream file(File("log.txt"), std::ios::app);
  file << UtcNow() << ' ' << line << '\n';
}

void RunFolder::WriteConfig(const Json& config) const {
  if (!writes_) return;
  WriteFileAtomically(File("config.json"), config.Dump(2) + "\n");
}

void RunFolder::WriteMetrics(const std::vector<EpochRow>& rows) const {
  if (!writes_) return;
  WriteFileAtomically(File("metrics.csv"), MetricsText(rows));
  if (!rows.empty()) WriteFileAtomically(File("curves.svg"), CurvesText(rows));
}

}  // namespace graphiqa
