// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// KonIQ-10k (Hosu, Lin, Sziranyi, Saupe 2020): 10,073 photographs.

#include <algorithm>
#include <filesystem>
#include <map>

#include "datasets/builder.h"
#include "datasets/readers.h"

namespace graphiqa {
namespace {

constexpr const char* kScores = "koniq10k_scores_and_distributions.csv";
constexpr const char* kSets = "koniq10k_distributions_sets.csv";
/// What the released code of GraphIQA calls the scores.
constexpr const char* kOldScores = "data.csv";

/// The column that holds the rating, and its scale.
struct RatingColumn {
  std::string name;
  int index = 0;
  double low = 0;
  double high = 100;
};

/// MOS_zscore runs from 0 to 100. The column MOS does so in the list with the
/// sets, and from 1 to 5 in the list with the scores.
RatingColumn FindRating(const CsvTable& table) {
  RatingColumn rating{"MOS_zscore", table.Find("MOS_zscore")};
  if (rating.index >= 0) return rating;
  rating = {"MOS", table.Require("MOS")};
  double highest = 0;
  for (size_t row = 0; row < table.rows.size(); ++row) {
    const std::string place = RowPlace(table, row).Column("MOS");
    highest =
        std::max(highest, ParseNumber(Field(table, row, rating.index), place));
  }
  if (highest <= 5) {
    rating.low = 1;
    rating.high = 5;
  }
  return rating;
}

/// The official set of each picture, as a part.
std::map<std::string, std::string> ReadParts(const CsvTable& table) {
  static const std::map<std::string, std::string> kParts = {
      {"training", "train"}, {"validation", "val"}, {"test", "test"}};
  std::map<std::string, std::string> parts;
  const int image = table.Require("image_name");
  const int set = table.Require("set");
  for (size_t row = 0; row < table.rows.size(); ++row) {
    const std::string& name = Field(table, row, set);
    const auto part = kParts.find(name);
    if (part == kParts.end()) {
      throw Error(ErrorCode::kFormat,
                  RowPlace(table, row).Column("set") + ": '" + name +
                      "' is not training, validation or test");
    }
    parts[Field(table, row, image)] = part->second;
  }
  return parts;
}

std::string PartOf(const std::map<std::string, std::string>& parts,
                   const std::string& image, const std::string& list,
                   const Place& place) {
  if (parts.empty()) return "";
  const auto part = parts.find(image);
  if (part != parts.end()) return part->second;
  throw Error(ErrorCode::kFormat, place.Text() + ": picture '" + image +
                                      "' is in no set of " + list);
}

}  // namespace

Dataset ReadKoniq10k(const DatasetOptions& options) {
  const DatasetRoot root(
      "koniq-10k", options.data,
      std::string(kScores) + " or " + kSets + ", and 1024x768/ or 512x384/");
  const CsvTable table = ReadCsv(root.Require({kScores, kOldScores, kSets}));
  const FolderIndex folder(options.image_dir.empty()
                               ? root.Require({"1024x768", "512x384", "images"})
                               : options.image_dir);
  const std::string sets = root.Find(kSets);
  std::map<std::string, std::string> parts;
  if (!sets.empty()) parts = ReadParts(ReadCsv(sets));
  const int image = table.Require("image_name");
  const RatingColumn rating = FindRating(table);
  DatasetBuilder builder(table.path,
                         "KonIQ-10k: YFCC100M pictures, terms of its release",
                         rating.low, rating.high);
  for (size_t row = 0; row < table.rows.size(); ++row) {
    const Place place = RowPlace(table, row);
    Sample sample;
    sample.image = Field(table, row, image);
    sample.path = RequirePicture(folder, sample.image, place);
    sample.mos =
        ParseNumber(Field(table, row, rating.index), place.Column(rating.name));
    sample.group = sample.image;
    sample.part = PartOf(parts, sample.image, sets, place);
    builder.Add(std::move(sample), place, rating.name);
  }
  return builder.Take();
}

}  // namespace graphiqa
