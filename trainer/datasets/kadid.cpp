// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// KADID-10k (Lin, Hosu, Saupe 2019): 81 originals, 25 types, 5 levels. What
/// the release calls dmos is a mean opinion score from 1 to 5.

#include <map>

#include "datasets/kadid_names.h"
#include "datasets/readers.h"
#include "datasets/type_lists.h"

namespace graphiqa {
namespace {

constexpr const char* kLicence =
    "KADID-10k: Pixabay pictures, terms of its release";
constexpr double kLow = 1;
constexpr double kHigh = 5;

/// The pictures of dmos.csv.
class DmosList {
 public:
  explicit DmosList(const DatasetRoot& root)
      : table_(ReadCsv(root.Require({"dmos.csv"}))),
        folder_(root.Require({"images"})),
        image_(table_.Require("dist_img")),
        original_(table_.Require("ref_img")),
        rating_(table_.Require("dmos")) {}

  const std::string& path() const { return table_.path; }

  void AddDistorted(DatasetBuilder* builder) {
    for (size_t row = 0; row < table_.rows.size(); ++row) {
      const Place place = RowPlace(table_, row);
      const std::string& image = Field(table_, row, image_);
      const KadidName name = ParseKadidName(image, place, "dist_img");
      Sample sample = KadidSample(image, name);
      sample.path = RequirePicture(folder_, image, place);
      sample.reference = Original(row, name);
      sample.mos =
          ParseNumber(Field(table_, row, rating_), place.Column("dmos"));
      builder->Add(std::move(sample), place, "dmos");
    }
  }

  void AddOriginals(DatasetBuilder* builder) {
    for (const auto& [name, row] : originals_) {
      const Place place = RowPlace(table_, row);
      builder->Add(OriginalSample(name, RequirePicture(folder_, name, place)),
                   place, "dmos");
    }
  }

 private:
  std::string Original(size_t row, const KadidName& name) {
    const Place place = RowPlace(table_, row);
    const std::string& original = Field(table_, row, original_);
    if (Lower(Stem(original)) != Lower(name.original)) {
      throw Error(ErrorCode::kFormat, place.Column("ref_img") + ": '" +
                                          original +
                                          "' is not the original of '" +
                                          Field(table_, row, image_) + "'");
    }
    originals_.emplace(original, row);
    return RequirePicture(folder_, original, place);
  }

  const CsvTable table_;
  const FolderIndex folder_;
  const int image_;
  const int original_;
  const int rating_;
  std::map<std::string, size_t> originals_;  ///< first row that names each
};

DatasetRoot Root(const char* name, const DatasetOptions& options) {
  return {name, options.data,
          "dmos.csv with dist_img,ref_img,dmos and images/"};
}

Dataset ReadLists(const std::string& lists, const DatasetOptions& options) {
  TypeLists source;
  source.lists = lists;
  source.pictures = options.image_dir;
  if (source.pictures.empty()) {
    const DatasetRoot root("kadid-P", ParentFolder(lists),
                           "images/, unless --image-dir names the folder");
    source.pictures = root.Require({"images"});
  }
  source.originals = source.pictures;
  source.rated = true;
  DatasetBuilder builder(lists, kLicence, kLow, kHigh);
  AddTypeLists(source, &builder);
  return builder.Take();
}

}  // namespace

Dataset ReadKadid10k(const DatasetOptions& options) {
  DmosList list(Root("kadid10k", options));
  DatasetBuilder builder(list.path(), kLicence, kLow, kHigh);
  list.AddDistorted(&builder);
  return builder.Take();
}

Dataset ReadKadidP(const DatasetOptions& options) {
  if (HasTypeLists(options.data)) return ReadLists(options.data, options);
  DmosList list(Root("kadid-P", options));
  DatasetBuilder builder(list.path(), kLicence, kLow, kHigh);
  list.AddDistorted(&builder);
  list.AddOriginals(&builder);
  return builder.Take();
}

}  // namespace graphiqa
