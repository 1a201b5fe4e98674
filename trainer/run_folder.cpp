// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "run_folder.h"

#include <chrono>
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

std::string MetricsText(const std::vector<EpochRow>& rows) {
  std::ostringstream text;
  text << "phase,epoch,train_loss,val_srocc,val_plcc,val_krocc,val_rmse,"
          "seconds\n";
  text.precision(6);
  for (const EpochRow& row : rows) {
    text << row.phase << ',' << row.epoch << ',' << row.loss << ','
         << row.val.srocc << ',' << row.val.plcc << ',' << row.val.krocc << ','
         << row.val.rmse << ',' << row.seconds << '\n';
  }
  return text.str();
}

std::string CurvesText(const std::vector<EpochRow>& rows) {
  Series loss{"training loss", {}};
  Series srocc{"validation SROCC", {}};
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto x = static_cast<double>(i + 1);
    loss.points.push_back({x, rows[i].loss});
    srocc.points.push_back({x, rows[i].val.srocc});
  }
  return LinePlot("epoch (head epochs first)", {loss, srocc});
}

}  // namespace

Json ToJson(const std::vector<EpochRow>& rows) {
  Json::Array list;
  for (const EpochRow& row : rows) {
    list.push_back(Json::Object{{"phase", row.phase},
                                {"epoch", row.epoch},
                                {"loss", row.loss},
                                {"srocc", row.val.srocc},
                                {"plcc", row.val.plcc},
                                {"krocc", row.val.krocc},
                                {"rmse", row.val.rmse},
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
    row.val.srocc = item.GetDouble("srocc");
    row.val.plcc = item.GetDouble("plcc");
    row.val.krocc = item.GetDouble("krocc");
    row.val.rmse = item.GetDouble("rmse");
    row.seconds = item.GetDouble("seconds");
    rows.push_back(row);
  }
  return rows;
}

RunFolder::RunFolder(std::string path, bool resume) : path_(std::move(path)) {
  if (path_.empty()) {
    throw Error(ErrorCode::kUsage,
                "--out is missing: where should the run go?");
  }
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

bool RunFolder::Has(const std::string& name) const {
  return fs::exists(File(name));
}

void RunFolder::Log(const std::string& line) const {
  std::fprintf(stderr, "%s\n", line.c_str());
  std::ofstream file(File("log.txt"), std::ios::app);
  file << UtcNow() << ' ' << line << '\n';
}

void RunFolder::WriteConfig(const Json& config) const {
  WriteFileAtomically(File("config.json"), config.Dump(2) + "\n");
}

void RunFolder::WriteMetrics(const std::vector<EpochRow>& rows) const {
  WriteFileAtomically(File("metrics.csv"), MetricsText(rows));
  if (!rows.empty()) WriteFileAtomically(File("curves.svg"), CurvesText(rows));
}

}  // namespace graphiqa
