// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "datasets/builder.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>

namespace graphiqa {
namespace {

std::string Short(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", value);
  return text;
}

}  // namespace

std::string Place::Text() const {
  return file + ", " + unit + " " + std::to_string(number);
}

std::string Place::Column(const std::string& column) const {
  return Text() + ", column '" + column + "'";
}

Place RowPlace(const CsvTable& table, size_t row) {
  const bool sheet =
      Lower(std::filesystem::path(table.path).extension().string()) == ".xlsx";
  return {table.path, sheet ? "row" : "line",
          static_cast<size_t>(table.lines[row])};
}

const std::string& Field(const CsvTable& table, size_t row, int column) {
  return table.rows[row][static_cast<size_t>(column)];
}

DatasetBuilder::DatasetBuilder(std::string source, std::string licence,
                               double low, double high)
    : source_(std::move(source)) {
  dataset_.licence = std::move(licence);
  dataset_.mos_low = low;
  dataset_.mos_high = high;
}

void DatasetBuilder::Add(Sample sample, const Place& place,
                         const std::string& column) {
  if (!names_.insert(sample.image).second) {
    throw Error(ErrorCode::kFormat, place.Text() + ": picture '" +
                                        sample.image + "' is listed twice");
  }
  const double low = std::min(dataset_.mos_low, dataset_.mos_high);
  const double high = std::max(dataset_.mos_low, dataset_.mos_high);
  if (std::isnan(sample.mos)) {
    dataset_.rated = false;
  } else if (!(sample.mos >= low && sample.mos <= high)) {
    throw Error(ErrorCode::kFormat, place.Column(column) + ": " +
                                        Short(sample.mos) + " is outside " +
                                        Short(low) + " to " + Short(high));
  }
  dataset_.samples.push_back(std::move(sample));
}

Dataset DatasetBuilder::Take() {
  if (dataset_.samples.empty()) {
    throw Error(ErrorCode::kFormat, source_ + ": lists no picture");
  }
  return std::move(dataset_);
}

std::string RequirePicture(const FolderIndex& folder, const std::string& name,
                           const Place& place) {
  std::string path = folder.Find(name);
  if (path.empty() || name.empty()) {
    throw Error(ErrorCode::kNotFound,
                place.Text() + ": picture " +
                    (std::filesystem::path(folder.path()) / name).string() +
                    " does not exist");
  }
  return path;
}

std::string Stem(const std::string& name) {
  return std::filesystem::path(name).stem().string();
}

}  // namespace graphiqa
