// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Photographs as cameras made them, rated, in a folder with a table:
/// BID (Ciancio et al. 2011) and SPAQ (Fang et al. 2020).

#include <cstdio>

#include "datasets/builder.h"
#include "datasets/readers.h"
#include "datasets/xlsx.h"

namespace graphiqa {
namespace {

/// Number 7 as the name of BID's picture.
std::string BidName(const std::string& text, const std::string& place) {
  const double number = ParseNumber(text, place);
  if (number < 0 || number > 9999 || number != static_cast<int>(number)) {
    throw Error(ErrorCode::kFormat,
                place + ": '" + text + "' is no number of a picture");
  }
  char name[32];
  std::snprintf(name, sizeof name, "DatabaseImage%04d.JPG",
                static_cast<int>(number));
  return name;
}

}  // namespace

Dataset ReadBid(const DatasetOptions& options) {
  const DatasetRoot root(
      "bid", options.data,
      "DatabaseGrades.xlsx and DatabaseImage0001.JPG … or ImageDatabase/");
  const CsvTable table = ReadSheetOrCsv(root.path(), "DatabaseGrades", {});
  if (table.header.size() < 2) {
    throw Error(ErrorCode::kFormat,
                table.path +
                    ": has one column; the first two should be the "
                    "picture's number and its mean grade");
  }
  const std::string inner = root.Find("ImageDatabase");
  const FolderIndex folder(inner.empty() ? root.path() : inner);
  DatasetBuilder builder(table.path, "BID: terms of its release", 0, 5);
  for (size_t row = 0; row < table.rows.size(); ++row) {
    const Place place = RowPlace(table, row);
    Sample sample;
    sample.image = BidName(Field(table, row, 0), place.Column(table.header[0]));
    sample.path = RequirePicture(folder, sample.image, place);
    sample.mos =
        ParseNumber(Field(table, row, 1), place.Column(table.header[1]));
    sample.group = sample.image;
    builder.Add(std::move(sample), place, table.header[1]);
  }
  return builder.Take();
}

Dataset ReadSpaq(const DatasetOptions& options) {
  const DatasetRoot root("spaq", options.data,
                         "TestImage/ and Annotations/MOS and Image attribute "
                         "scores.xlsx");
  const CsvTable table =
      ReadSheetOrCsv(root.Require({"Annotations"}),
                     "MOS and Image attribute scores", {"Image name", "MOS"});
  const FolderIndex folder(options.image_dir.empty()
                               ? root.Require({"TestImage"})
                               : options.image_dir);
  const int image = table.Require("Image name");
  const int mos = table.Require("MOS");
  DatasetBuilder builder(table.path, "SPAQ: terms of its release", 0, 100);
  for (size_t row = 0; row < table.rows.size(); ++row) {
    const Place place = RowPlace(table, row);
    Sample sample;
    sample.image = Field(table, row, image);
    sample.path = RequirePicture(folder, sample.image, place);
    sample.mos = ParseNumber(Field(table, row, mos), place.Column("MOS"));
    sample.group = sample.image;
    builder.Add(std::move(sample), place, "MOS");
  }
  return builder.Take();
}

}  // namespace graphiqa
