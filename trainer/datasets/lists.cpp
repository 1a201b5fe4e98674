// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// CSV lists: anybody's own, and BIQ2021 (Ahmed, Asif 2022), whole or a
/// selection of it.

#include <algorithm>
#include <filesystem>

#include "datasets/builder.h"
#include "datasets/readers.h"
#include "format/model_info.h"

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

/// The columns of a list; -1 where there is none.
struct Columns {
  int image;
  int mos;
  int group;  ///< -1: every picture is a group of its own
  int split;
  int type;
  int level;

  explicit Columns(const CsvTable& table)
      : image(table.Require("image")),
        mos(table.Find("mos")),
        group(table.Find("group")),
        split(table.Find("split")),
        type(table.Find("type")),
        level(table.Find("level")) {
    // Without ratings a list is good for its types only.
    if (type < 0) mos = table.Require("mos");
  }
};

std::string Part(const std::string& text, const Place& place) {
  if (text.empty() || text == "train" || text == "val" || text == "test") {
    return text;
  }
  throw Error(ErrorCode::kFormat, place.Column("split") + ": '" + text +
                                      "' is not train, val or test");
}

/// KADID's number of a type given as such, by name, or as "none".
int Distortion(const std::string& text, const Place& place) {
  if (text.empty()) return -1;
  if (text == "none") return 0;
  const std::vector<std::string>& names = KadidTypeNames();
  const auto name = std::find(names.begin(), names.end(), text);
  if (name != names.end()) return static_cast<int>(name - names.begin()) + 1;
  const bool digits = text.size() <= 2 &&
                      text.find_first_not_of("0123456789") == std::string::npos;
  const int number = digits ? std::stoi(text) : -1;
  if (number >= 0 && number <= static_cast<int>(names.size())) return number;
  throw Error(ErrorCode::kFormat,
              place.Column("type") + ": '" + text +
                  "' is no type: 0 to 25, none, or a name such as " +
                  names.front());
}

int Level(const std::string& text, const Place& place) {
  if (text.empty()) return 0;
  if (text.size() == 1 && text[0] >= '0' && text[0] <= '5') {
    return text[0] - '0';
  }
  throw Error(ErrorCode::kFormat, place.Column("level") + ": '" + text +
                                      "' is no level from 0 to 5");
}

Sample ReadRow(const CsvTable& table, size_t row, const Columns& columns,
               const fs::path& folder) {
  const Place place = RowPlace(table, row);
  const auto field = [&](int column) {
    return column < 0 ? std::string() : Field(table, row, column);
  };
  Sample sample;
  sample.image = field(columns.image);
  if (sample.image.empty()) {
    throw Error(ErrorCode::kFormat, place.Column("image") + ": is empty");
  }
  sample.path = (folder / sample.image).string();
  if (!fs::is_regular_file(sample.path)) {
    throw Error(ErrorCode::kNotFound,
                place.Text() + ": picture " + sample.path + " does not exist");
  }
  if (columns.mos >= 0) {
    sample.mos = ParseNumber(field(columns.mos), place.Column("mos"));
  }
  sample.group = columns.group < 0 ? sample.image : field(columns.group);
  sample.part = Part(field(columns.split), place);
  sample.subset = field(columns.type);
  sample.distortion = Distortion(sample.subset, place);
  sample.level = Level(field(columns.level), place);
  return sample;
}

void AddList(const CsvTable& table, const fs::path& folder,
             DatasetBuilder* builder) {
  const Columns columns(table);
  for (size_t row = 0; row < table.rows.size(); ++row) {
    builder->Add(ReadRow(table, row, columns, folder), RowPlace(table, row),
                 "mos");
  }
}

/// One of the two lists of the whole BIQ2021.
void AddOfficialList(const std::string& path, const std::string& part,
                     const FolderIndex& folder, DatasetBuilder* builder) {
  const CsvTable table = ReadCsv(path);
  const int image = table.Require("Image Name");
  const int mos = table.Require("MOS");
  for (size_t row = 0; row < table.rows.size(); ++row) {
    const Place place = RowPlace(table, row);
    Sample sample;
    sample.image = Field(table, row, image);
    sample.path = RequirePicture(folder, sample.image, place);
    sample.mos = ParseNumber(Field(table, row, mos), place.Column("MOS"));
    sample.group = sample.image;
    sample.part = part;
    builder->Add(std::move(sample), place, "MOS");
  }
}

/// LOW and HIGH of --mos-range.
std::pair<double, double> MosRange(const std::string& text) {
  const size_t comma = text.find(',');
  if (comma == std::string::npos) {
    throw Error(ErrorCode::kUsage,
                "data set csv: --mos-range LOW,HIGH says which ratings become "
                "score 0 and 100");
  }
  const double low = ParseNumber(text.substr(0, comma), "--mos-range");
  const double high = ParseNumber(text.substr(comma + 1), "--mos-range");
  if (low == high) {
    throw Error(ErrorCode::kUsage, "--mos-range: LOW and HIGH are the same");
  }
  return {low, high};
}

}  // namespace

Dataset ReadBiq2021(const DatasetOptions& options) {
  const DatasetRoot root("biq2021", options.data,
                         "mos.csv (image,mos,group), or Train and Test (Images "
                         "and MOS).csv; and images/");
  const FolderIndex folder(root.Require({"images"}));
  const std::string train = root.Find("Train (Images and MOS).csv");
  const std::string list = root.Find("mos.csv");
  DatasetBuilder builder(list.empty() ? train : list,
                         "pictures: Unsplash licence; ratings: BIQ2021", 0, 1);
  if (list.empty() && !train.empty()) {
    AddOfficialList(train, "train", folder, &builder);
    AddOfficialList(root.Require({"Test (Images and MOS).csv"}), "test", folder,
                    &builder);
  } else {
    AddList(ReadCsv(root.Require({"mos.csv"})), folder.path(), &builder);
  }
  return builder.Take();
}

Dataset ReadCsvList(const DatasetOptions& options) {
  const CsvTable table = ReadCsv(options.data);
  std::pair<double, double> range{0, 1};
  if (table.Find("mos") >= 0) range = MosRange(options.mos_range);
  DatasetBuilder builder(table.path, "unknown", range.first, range.second);
  const std::string folder = options.image_dir.empty()
                                 ? ParentFolder(options.data)
                                 : options.image_dir;
  AddList(table, folder, &builder);
  return builder.Take();
}

}  // namespace graphiqa
