// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// LIVE Image Quality Assessment Database, release 2 (Sheikh, Sabir, Bovik
/// 2006): 29 originals, 5 types; realigned difference mean opinion scores.

#include <filesystem>

#include "datasets/builder.h"
#include "datasets/mat_file.h"
#include "datasets/readers.h"

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLabels = "dmos_realigned.mat";
constexpr const char* kReferences = "refnames_all.mat";

/// DMOS of the release go from -2.64 to 111.77; low is good.
constexpr double kWorst = 112;
constexpr double kBest = -3;

/// A folder of distorted pictures, in the order of the label vectors.
struct LiveType {
  const char* name;
  int distortion;
};
constexpr LiveType kTypes[] = {
    {"jp2k", 9}, {"jpeg", 10}, {"wn", 11}, {"gblur", 1}, {"fastfading", -1}};

/// One picture of the label vectors.
struct LivePicture {
  LiveType type;
  std::string image;  ///< "jp2k/img1.bmp"
  std::string path;
};

/// img1.bmp, img2.bmp, … without a gap.
void AddFolder(const DatasetRoot& root, const LiveType& type,
               std::vector<LivePicture>* pictures, std::string* counts) {
  const FolderIndex folder(root.Require({type.name}));
  size_t number = 1;
  for (;; ++number) {
    const std::string name = "img" + std::to_string(number) + ".bmp";
    const std::string path = folder.Find(name);
    if (path.empty()) break;
    pictures->push_back({type, std::string(type.name) + "/" + name, path});
  }
  *counts += (counts->empty() ? "" : ", ") + std::string(type.name) + " " +
             std::to_string(number - 1);
}

void CheckLength(size_t length, size_t wanted, const MatFile& file,
                 const char* variable, const std::string& counts) {
  if (length == wanted) return;
  throw Error(ErrorCode::kFormat,
              file.path() + ", variable '" + variable +
                  "': " + std::to_string(length) + " values for " +
                  std::to_string(wanted) +
                  " pictures (img1.bmp and on without a gap: " + counts + ")");
}

}  // namespace

Dataset ReadLive(const DatasetOptions& options) {
  const DatasetRoot root(
      "live", options.data,
      "dmos_realigned.mat, refnames_all.mat, refimgs/, jp2k/, jpeg/, wn/, "
      "gblur/, fastfading/");
  const MatFile labels(root.Require({kLabels}));
  const MatFile references(root.Require({kReferences}));
  const FolderIndex originals(root.Require({"refimgs"}));
  std::vector<LivePicture> pictures;
  std::string counts;
  for (const LiveType& type : kTypes) {
    AddFolder(root, type, &pictures, &counts);
  }
  const std::vector<double> dmos = labels.Numbers("dmos_new");
  const std::vector<double> orgs = labels.Numbers("orgs");
  const std::vector<std::string> names = references.Texts("refnames_all");
  CheckLength(dmos.size(), pictures.size(), labels, "dmos_new", counts);
  CheckLength(orgs.size(), pictures.size(), labels, "orgs", counts);
  CheckLength(names.size(), pictures.size(), references, "refnames_all",
              counts);
  DatasetBuilder builder(labels.path(), "LIVE release 2: its own terms", kWorst,
                         kBest);
  for (size_t i = 0; i < pictures.size(); ++i) {
    if (orgs[i] != 0) continue;  // an undistorted copy among the distorted
    Sample sample;
    sample.image = pictures[i].image;
    sample.path = pictures[i].path;
    sample.mos = dmos[i];
    sample.group = Lower(Stem(names[i]));
    sample.subset = pictures[i].type.name;
    sample.distortion = pictures[i].type.distortion;
    sample.reference = RequirePicture(originals, names[i],
                                      {references.path(), "entry", i + 1});
    builder.Add(std::move(sample), {labels.path(), "entry", i + 1}, "dmos_new");
  }
  return builder.Take();
}

}  // namespace graphiqa
