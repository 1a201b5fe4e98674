// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// CSIQ (Larson, Chandler 2010): 30 originals, 6 types, 4 or 5 levels;
/// difference mean opinion scores from 0 (good) to 1.

#include <sstream>

#include "datasets/builder.h"
#include "datasets/readers.h"
#include "datasets/xlsx.h"

namespace graphiqa {
namespace {

/// How a type is written in file names, in the workbook and as a folder.
struct CsiqType {
  const char* name;
  const char* in_sheet;
  int distortion;
};
constexpr CsiqType kTypes[] = {
    {"AWGN", "noise", 11},        {"JPEG", "jpeg", 10},
    {"jpeg2000", "jpeg 2000", 9}, {"fnoise", "fnoise", -1},
    {"BLUR", "blur", 1},          {"contrast", "contrast", 25}};

/// "1600.AWGN.1.png" taken apart.
struct CsiqName {
  std::string original;
  const CsiqType* type = nullptr;
  int level = 0;
};

CsiqName ParseName(const std::string& name, const Place& place) {
  const std::string small = Lower(name);
  const size_t first = small.find('.');
  CsiqName parsed;
  for (const CsiqType& type : kTypes) {
    const std::string middle = "." + Lower(type.name) + ".";
    if (first == std::string::npos ||
        small.compare(first, middle.size(), middle) != 0) {
      continue;
    }
    const std::string rest = small.substr(first + middle.size());
    if (rest.size() == 5 && rest[0] >= '1' && rest[0] <= '5' &&
        rest.compare(1, 4, ".png") == 0) {
      parsed = {name.substr(0, first), &type, rest[0] - '0'};
    }
  }
  if (!parsed.type) {
    throw Error(ErrorCode::kFormat,
                place.Text() + ": '" + name +
                    "' is not ORIGINAL.TYPE.LEVEL.png with a type of AWGN, "
                    "JPEG, jpeg2000, fnoise, BLUR, contrast");
  }
  return parsed;
}

/// The folders that the distorted pictures may lie in: one for all, or one for
/// each type.
class Pictures {
 public:
  explicit Pictures(const DatasetRoot& root) {
    for (const char* name : {"dst_imgs_all", "images"}) {
      if (!root.Find(name).empty()) Add(root.Find(name));
    }
    const std::string inner = root.Find("dst_imgs");
    const DatasetRoot types("csiq", inner.empty() ? root.path() : inner, "");
    for (const CsiqType& type : kTypes) {
      if (!types.Find(type.name).empty()) Add(types.Find(type.name));
    }
    if (folders_.empty()) root.Require({"dst_imgs_all", "dst_imgs", "AWGN"});
  }

  std::string Require(const std::string& name, const Place& place) const {
    std::string where;
    for (const FolderIndex& folder : folders_) {
      std::string path = folder.Find(name);
      if (!path.empty()) return path;
      where += (where.empty() ? "" : ", ") + folder.path();
    }
    throw Error(ErrorCode::kNotFound,
                place.Text() + ": picture " + name + " is in none of " + where);
  }

 private:
  void Add(const std::string& path) { folders_.emplace_back(path); }

  std::vector<FolderIndex> folders_;
};

class CsiqReader {
 public:
  CsiqReader(const DatasetRoot& root, const std::string& list)
      : originals_(root.Require({"src_imgs"})),
        pictures_(root),
        builder_(list, "CSIQ: terms of its release", 1, 0) {}

  void Add(const std::string& image, const std::string& rating,
           const Place& place) {
    const CsiqName name = ParseName(image, place);
    Sample sample;
    sample.image = image;
    sample.path = pictures_.Require(image, place);
    sample.mos = ParseNumber(rating, place.Column("dmos"));
    sample.group = Lower(name.original);
    sample.subset = name.type->name;
    sample.distortion = name.type->distortion;
    sample.level = name.level;
    sample.reference =
        RequirePicture(originals_, name.original + ".png", place);
    builder_.Add(std::move(sample), place, "dmos");
  }

  Dataset Take() { return builder_.Take(); }

 private:
  const FolderIndex originals_;
  const Pictures pictures_;
  DatasetBuilder builder_;
};

/// Lines "1600.AWGN.1.png 0.061989", as hyperIQA and GraphIQA have them.
Dataset ReadLabelFile(const DatasetRoot& root, const std::string& path) {
  CsiqReader reader(root, path);
  std::istringstream file(ReadBytes(path));
  std::string line;
  for (size_t number = 1; std::getline(file, line); ++number) {
    std::istringstream fields(line);
    std::string image, rating, more;
    fields >> image >> rating;
    if (image.empty()) continue;
    const Place place{path, "line", number};
    if (rating.empty() || fields >> more) {
      throw Error(ErrorCode::kFormat,
                  place.Text() + ": is not a name and a rating");
    }
    reader.Add(image, rating, place);
  }
  return reader.Take();
}

/// The official workbook: image, dst_idx, dst_type, dst_lev, dmos_std, dmos in
/// its sheet all_by_image.
Dataset ReadWorkbook(const DatasetRoot& root, const std::string& path) {
  const CsvTable table =
      ReadXlsx(path, "all_by_image", {"image", "dst_type", "dst_lev", "dmos"});
  const int image = table.Require("image");
  const int type = table.Require("dst_type");
  const int level = table.Require("dst_lev");
  const int dmos = table.Require("dmos");
  CsiqReader reader(root, path);
  for (size_t row = 0; row < table.rows.size(); ++row) {
    const Place place = RowPlace(table, row);
    std::string name;
    for (const CsiqType& entry : kTypes) {
      if (Field(table, row, type) == entry.in_sheet) name = entry.name;
    }
    if (name.empty()) {
      throw Error(ErrorCode::kFormat, place.Column("dst_type") +
                                          ": unknown type '" +
                                          Field(table, row, type) + "'");
    }
    reader.Add(Field(table, row, image) + "." + name + "." +
                   Field(table, row, level) + ".png",
               Field(table, row, dmos), place);
  }
  return reader.Take();
}

}  // namespace

Dataset ReadCsiq(const DatasetOptions& options) {
  const DatasetRoot root("csiq", options.data,
                         "csiq_label.txt or csiq.DMOS.xlsx, src_imgs/, and "
                         "dst_imgs_all/ or a folder for each type");
  const std::string list = root.Require({"csiq_label.txt", "csiq.DMOS.xlsx"});
  return Lower(list.substr(list.size() - 4)) == ".txt"
             ? ReadLabelFile(root, list)
             : ReadWorkbook(root, list);
}

}  // namespace graphiqa
