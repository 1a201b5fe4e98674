// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "dataset.h"

#include <cstring>
#include <filesystem>
#include <set>

#include "csv.h"

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

struct Columns {
  int image;
  int mos;
  int group;  ///< -1: every picture is a group of its own
  int split;  ///< -1: the list names no parts
};

Sample ReadRow(const CsvTable& table, size_t row, const Columns& columns,
               const fs::path& folder) {
  const std::vector<std::string>& fields = table.rows[row];
  const auto field = [&](int column) {
    return fields[static_cast<size_t>(column)];
  };
  const std::string place =
      table.path + ", line " + std::to_string(table.lines[row]);
  Sample sample;
  sample.image = field(columns.image);
  if (sample.image.empty()) {
    throw Error(ErrorCode::kFormat, place + ", column 'image': is empty");
  }
  sample.path = (folder / sample.image).string();
  sample.mos = ParseNumber(field(columns.mos), place + ", column 'mos'");
  sample.group = columns.group < 0 ? sample.image : field(columns.group);
  sample.part = columns.split < 0 ? "" : field(columns.split);
  const std::string& part = sample.part;
  if (!part.empty() && part != "train" && part != "val" && part != "test") {
    throw Error(ErrorCode::kFormat, place + ", column 'split': '" + part +
                                        "' is not train, val or test");
  }
  if (!fs::is_regular_file(sample.path)) {
    throw Error(ErrorCode::kNotFound,
                place + ": picture " + sample.path + " does not exist");
  }
  return sample;
}

void CheckSamples(const Dataset& dataset, const CsvTable& table) {
  std::set<std::string> names;
  for (size_t i = 0; i < dataset.samples.size(); ++i) {
    const Sample& sample = dataset.samples[i];
    const std::string place =
        table.path + ", line " + std::to_string(table.lines[i]);
    if (!names.insert(sample.image).second) {
      throw Error(ErrorCode::kFormat,
                  place + ": picture '" + sample.image + "' is listed twice");
    }
    if (sample.mos < dataset.mos_low || sample.mos > dataset.mos_high) {
      throw Error(ErrorCode::kFormat,
                  place + ", column 'mos': " + std::to_string(sample.mos) +
                      " is outside " + std::to_string(dataset.mos_low) +
                      " to " + std::to_string(dataset.mos_high));
    }
  }
  if (names.empty()) {
    throw Error(ErrorCode::kFormat, table.path + ": lists no picture");
  }
}

void ReadList(const std::string& list, const fs::path& folder,
              Dataset* dataset) {
  const CsvTable table = ReadCsv(list);
  const Columns columns{table.Require("image"), table.Require("mos"),
                        table.Find("group"), table.Find("split")};
  for (size_t row = 0; row < table.rows.size(); ++row) {
    dataset->samples.push_back(ReadRow(table, row, columns, folder));
  }
  CheckSamples(*dataset, table);
}

Dataset ReadBiq2021(const DatasetOptions& options) {
  const fs::path folder = options.data;
  if (!fs::is_directory(folder)) {
    throw Error(ErrorCode::kNotFound,
                "data set biq2021: folder " + options.data +
                    " does not exist (wanted: mos.csv and images/ in it)");
  }
  if (!fs::is_directory(folder / "images")) {
    throw Error(ErrorCode::kNotFound, "data set biq2021: folder " +
                                          (folder / "images").string() +
                                          " does not exist");
  }
  Dataset dataset;
  dataset.licence = "pictures: Unsplash licence; ratings: BIQ2021";
  ReadList((folder / "mos.csv").string(), folder / "images", &dataset);
  return dataset;
}

Dataset ReadCsvDataset(const DatasetOptions& options) {
  const size_t comma = options.mos_range.find(',');
  if (comma == std::string::npos) {
    throw Error(ErrorCode::kUsage,
                "data set csv: --mos-range LOW,HIGH says which ratings become "
                "score 0 and 100");
  }
  Dataset dataset;
  dataset.licence = "unknown";
  dataset.mos_low =
      ParseNumber(options.mos_range.substr(0, comma), "--mos-range");
  dataset.mos_high =
      ParseNumber(options.mos_range.substr(comma + 1), "--mos-range");
  if (dataset.mos_low >= dataset.mos_high) {
    throw Error(ErrorCode::kUsage,
                "--mos-range: LOW must be below HIGH (ratings where lower is "
                "better have to be turned round in the list)");
  }
  const fs::path folder = options.image_dir.empty()
                              ? fs::path(options.data).parent_path()
                              : fs::path(options.image_dir);
  ReadList(options.data, folder, &dataset);
  return dataset;
}

}  // namespace

const DatasetEntry kDatasets[] = {
    {"biq2021",
     "BIQ2021 (Ahmed & Asif 2022): folder with mos.csv (image,mos,group; mos "
     "in 0-1) and images/",
     ReadBiq2021},
    {"csv",
     "a CSV list: image,mos[,group][,split]; pictures beside it or in "
     "--image-dir; needs --mos-range",
     ReadCsvDataset},
    {nullptr, nullptr, nullptr}};

Dataset ReadDataset(const std::string& name, const DatasetOptions& options) {
  if (options.data.empty()) {
    throw Error(ErrorCode::kUsage, "--data is missing: where is the data set?");
  }
  std::string known;
  for (const DatasetEntry* entry = kDatasets; entry->name; ++entry) {
    if (name == entry->name) {
      Dataset dataset = entry->read(options);
      dataset.name = name;
      return dataset;
    }
    known += std::string(known.empty() ? "" : ", ") + entry->name;
  }
  throw Error(ErrorCode::kUsage,
              "unknown data set '" + name + "'; known: " + known);
}

}  // namespace graphiqa
