// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// KADIS-700k (Lin, Hosu, Saupe 2020): 140,000 originals, each distorted by one
/// type at 5 levels by whoever uses it. No ratings.

#include <array>
#include <filesystem>

#include "datasets/kadid_names.h"
#include "datasets/readers.h"
#include "datasets/type_lists.h"

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLicence =
    "KADIS-700k: Pixabay pictures, terms of its release";
constexpr const char* kList = "kadis700k_ref_imgs.csv";
constexpr int kLevels = 5;

/// The official list: ref_im, dist_type_1, dist_type_2.
class ReferenceList {
 public:
  explicit ReferenceList(const DatasetRoot& root)
      : table_(ReadCsv(root.Require({kList}))),
        originals_(root.Require({"ref_imgs"})),
        distorted_(root.Require({"dist_imgs", "images"})),
        name_(table_.Require("ref_im")),
        type_(table_.Require("dist_type_1")),
        second_type_(table_.Find("dist_type_2")) {}

  const std::string& path() const { return table_.path; }

  void Add(DatasetBuilder* builder) const {
    for (size_t row = 0; row < table_.rows.size(); ++row) {
      AddLevels(row, Type(row, type_, "dist_type_1"), true, builder);
      // 5,529 originals name a second type, 8. The official program does not
      // render it; whoever did may use it.
      if (second_type_ >= 0 && !Field(table_, row, second_type_).empty()) {
        AddLevels(row, Type(row, second_type_, "dist_type_2"), false, builder);
      }
    }
    for (size_t row = 0; row < table_.rows.size(); ++row) {
      const std::string& name = Field(table_, row, name_);
      builder->Add(OriginalSample(name, Original(row)), RowPlace(table_, row),
                   "ref_im");
    }
  }

 private:
  std::string Original(size_t row) const {
    return RequirePicture(originals_, Field(table_, row, name_),
                          RowPlace(table_, row));
  }

  int Type(size_t row, int column, const char* name) const {
    const std::string place = RowPlace(table_, row).Column(name);
    const std::string& text = Field(table_, row, column);
    const double type = ParseNumber(text, place);
    if (type < 1 || type > 25 || type != static_cast<int>(type)) {
      throw Error(ErrorCode::kFormat,
                  place + ": '" + text + "' is no type from 1 to 25");
    }
    return static_cast<int>(type);
  }

  void AddLevels(size_t row, int type, bool required,
                 DatasetBuilder* builder) const {
    const Place place = RowPlace(table_, row);
    const std::string stem = Stem(Field(table_, row, name_));
    const std::string begin = stem + "_" + TwoDigits(type) + "_";
    std::array<std::string, kLevels> paths;
    bool any = required;
    for (int i = 0; i < kLevels; ++i) {
      paths[static_cast<size_t>(i)] =
          distorted_.FindPicture(begin + TwoDigits(i + 1));
      any = any || !paths[static_cast<size_t>(i)].empty();
    }
    if (!any) return;
    const std::string original = Original(row);
    for (int i = 0; i < kLevels; ++i) {
      const std::string& path = paths[static_cast<size_t>(i)];
      if (path.empty()) FailRendered(begin + TwoDigits(i + 1), place);
      Sample sample =
          KadidSample(fs::path(path).filename().string(), {stem, type, i + 1});
      sample.path = path;
      sample.reference = original;
      builder->Add(std::move(sample), place, "ref_im");
    }
  }

  [[noreturn]] void FailRendered(const std::string& name,
                                 const Place& place) const {
    throw Error(ErrorCode::kNotFound,
                place.Text() + ": picture " +
                    (fs::path(distorted_.path()) / (name + ".bmp")).string() +
                    " does not exist (nor .png or .jpg); the distorted "
                    "pictures have to be rendered from ref_imgs/");
  }

  const CsvTable table_;
  const FolderIndex originals_;
  const FolderIndex distorted_;
  const int name_;
  const int type_;
  const int second_type_;
};

Dataset ReadLists(const std::string& lists, const DatasetOptions& options) {
  const DatasetRoot root("kadis-P", ParentFolder(lists),
                         "dist_imgs/ or images/, unless --image-dir names the "
                         "folder of the distorted pictures");
  TypeLists source;
  source.lists = lists;
  source.pictures = options.image_dir.empty()
                        ? root.Require({"dist_imgs", "images"})
                        : options.image_dir;
  source.originals = root.Find("ref_imgs");
  DatasetBuilder builder(lists, kLicence, 0, 1);
  AddTypeLists(source, &builder);
  return builder.Take();
}

}  // namespace

Dataset ReadKadisP(const DatasetOptions& options) {
  if (HasTypeLists(options.data)) return ReadLists(options.data, options);
  const DatasetRoot root("kadis-P", options.data,
                         std::string(kList) +
                             ", ref_imgs/ and dist_imgs/, or 25_types_csv/ and "
                             "dist_imgs/");
  const std::string lists = root.Find("25_types_csv");
  if (root.Find(kList).empty() && !lists.empty()) {
    return ReadLists(lists, options);
  }
  const ReferenceList list(root);
  DatasetBuilder builder(list.path(), kLicence, 0, 1);
  list.Add(&builder);
  return builder.Take();
}

}  // namespace graphiqa
