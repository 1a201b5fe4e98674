// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "datasets/type_lists.h"

#include <filesystem>
#include <map>
#include <optional>

#include "datasets/kadid_names.h"

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

constexpr int kTypes = 25;

std::string ListPath(const std::string& folder, int type) {
  return (fs::path(folder) / ("type" + std::to_string(type) + ".csv")).string();
}

void CheckNumber(const CsvTable& table, size_t row, const char* column,
                 int wanted) {
  const Place place = RowPlace(table, row);
  const std::string& text = Field(table, row, table.Require(column));
  if (ParseNumber(text, place.Column(column)) != wanted) {
    throw Error(ErrorCode::kFormat, place.Column(column) + ": " + text +
                                        " where the name says " +
                                        std::to_string(wanted));
  }
}

/// The folders of a TypeLists, listed.
class ListReader {
 public:
  ListReader(const TypeLists& source, DatasetBuilder* builder)
      : source_(source), pictures_(source.pictures), builder_(builder) {
    if (!source.originals.empty()) originals_.emplace(source.originals);
  }

  void AddList(int type) {
    const CsvTable table = ReadCsv(ListPath(source_.lists, type));
    for (const char* column : {"dist_img", "type", "level"}) {
      table.Require(column);
    }
    for (size_t row = 0; row < table.rows.size(); ++row) AddRow(table, row);
  }

  void AddOriginals() {
    const Place place{source_.originals, "picture", 1};
    for (const auto& [stem, path] : seen_) {
      if (path.empty()) continue;
      const std::string name = fs::path(path).filename().string();
      builder_->Add(OriginalSample(name, path), place, "");
    }
  }

 private:
  void AddRow(const CsvTable& table, size_t row) {
    const Place place = RowPlace(table, row);
    const std::string& image = Field(table, row, table.Find("dist_img"));
    const KadidName name = ParseKadidName(image, place, "dist_img");
    CheckNumber(table, row, "type", name.type);
    CheckNumber(table, row, "level", name.level);
    Sample sample = KadidSample(image, name);
    sample.path = pictures_.FindPicture(Stem(image));
    if (sample.path.empty()) {
      sample.path = RequirePicture(pictures_, image, place);
    }
    sample.reference = Original(name.original);
    if (source_.rated) {
      sample.mos = ParseNumber(Field(table, row, table.Require("dmos")),
                               place.Column("dmos"));
    }
    builder_->Add(std::move(sample), place, "dmos");
  }

  const std::string& Original(const std::string& stem) {
    const auto [at, is_new] = seen_.try_emplace(stem);
    if (is_new && originals_) at->second = originals_->FindPicture(stem);
    return at->second;
  }

  const TypeLists& source_;
  const FolderIndex pictures_;
  std::optional<FolderIndex> originals_;
  DatasetBuilder* builder_;
  std::map<std::string, std::string> seen_;  ///< path of each original
};

}  // namespace

bool HasTypeLists(const std::string& folder) {
  std::error_code error;
  return fs::is_regular_file(ListPath(folder, 1), error);
}

void AddTypeLists(const TypeLists& source, DatasetBuilder* builder) {
  ListReader reader(source, builder);
  for (int type = 1; type <= kTypes; ++type) reader.AddList(type);
  reader.AddOriginals();
}

}  // namespace graphiqa
